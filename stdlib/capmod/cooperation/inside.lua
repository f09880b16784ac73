--- What stands behind a deal that authors hold; for the modules of its verbs.

local args = require "capmod.args"
local codes = require "capmod.codes"
local errors = require "capmod.errors"

local inside = {}

---@class cm.DealInside
---@field name string
---@field unit string?
---@field members string[]
---@field place table<string, integer>
---@field w cm.Worths
---@field exact boolean?     no worth is an interval
---@field low capmod.Game?   all worths, where they are listed
---@field high capmod.Game?
---@field game capmod.Game?  the middle of the intervals
---@field total number
---@field alone fun(i: integer): number
---@field value (fun(s: integer): number)?  where they are not listed
---@field cache table<integer, number[]>?   ends of those that were asked for
---@field solved boolean?    whether the solver answers who gains most apart
---@field looked integer?    how many were
---@field widest number?     the widest interval among them
---@field definition string[]

--- The inside of each deal; cooperation.lua fills it.
inside.all = setmetatable({}, { __mode = "k" })

---@param deal cm.Cooperation
---@return cm.DealInside
function inside.of(deal)
  args.object(inside.all[deal] ~= nil, "cooperation")
  return inside.all[deal]
end

--- CM2217: what needs all worths listed.
---@param d cm.DealInside
---@param what string
---@param instead string
function inside.refuse_unlisted(d, what, instead)
  errors.raise(2217, { message = ("%s: the worths of all coalitions of %d members are not listed")
    :format(what, #d.members), object = what:match "^%w+", field = "listed", fix = instead })
end

--- The inside of a deal whose worths are listed. CM2217.
---@param deal cm.Cooperation
---@param verb string
---@param instead string   what there is for many members
---@return cm.DealInside
function inside.listed(deal, verb, instead)
  local d = inside.of(deal)
  return d.game and d or inside.refuse_unlisted(d, verb, instead)
end

--- How the names of members print: with the country's name where all are countries.
---@param d cm.DealInside
---@return table column
function inside.member_column(d)
  for _, name in ipairs(d.members) do
    if not pcall(codes.country, name) then return { name = "member" } end
  end
  return { name = "member", kind = "country" }
end

return inside

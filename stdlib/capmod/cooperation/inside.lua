--- What stands behind a deal that authors hold; for the modules of its verbs.

local args = require "capmod.args"
local codes = require "capmod.codes"

local inside = {}

---@class cm.DealInside
---@field name string
---@field unit string?
---@field members string[]
---@field place table<string, integer>
---@field w cm.Worths
---@field exact boolean      no worth is an interval
---@field low capmod.Game?   all worths, where they are listed
---@field high capmod.Game?
---@field game capmod.Game?  the middle of the intervals
---@field total number
---@field definition string[]

--- The inside of each deal; cooperation.lua fills it.
inside.all = setmetatable({}, { __mode = "k" })

---@param deal cm.Cooperation
---@return cm.DealInside
function inside.of(deal)
  args.object(inside.all[deal] ~= nil, "cooperation")
  return inside.all[deal]
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

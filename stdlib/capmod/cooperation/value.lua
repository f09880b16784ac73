--- Who earns what, where, in the plan of a coalition.

local args = require "capmod.args"
local coalition = require "capmod.cooperation.coalition"
local errors = require "capmod.errors"
local inside = require "capmod.cooperation.inside"
local placing = require "capmod.cooperation.placing"

local value = { methods = {} }

local FIELDS = {
  members = { "list", about = "a coalition, if not all: { \"CHN\", \"KEN\" }" },
  of = { "string", about = "value, jobs or revenue" },
  by = { "string", "list", about = "country, owner, stage, sector, component, or skill of jobs" },
  through = { "Mrio", about = "an input-output table" },
}

local function refuse(message, field, fix)
  errors.raise(2043, { message = message, object = "decompose", field = field, fix = fix })
end

local function coalition_of(d, list)
  if not list then return coalition.all(#d.members) end
  local s = 0
  for _, name in ipairs(list) do s = s | 1 << (coalition.place(name, d.place, "members") - 1) end
  if s == 0 then
    coalition.refuse("members is an empty list", "members", "leave it out for the plan of all")
  end
  return s
end

local function amount(low, high)
  return low == high and ("%.2f"):format(low) or ("%.2f to %.2f"):format(low, high)
end

--- What is paid in the plan of all, or of the coalition `members`: for work, inputs, freight and
--- duties, to whom and where, as chain:decompose has it; `of = "jobs"`, also by skill, and
--- `of = "revenue"` of each state. What outsiders ask over their work is their `margin`. What is
--- left to share is not in it: deal:divide() says who gets that. CM2043 where worths were given or
--- the members have no way, CM2210 members.
---
---     print(deal:decompose{ by = "owner" })
---     print(deal:decompose{ of = "jobs", by = "skill", members = { "CHN", "KEN" } })
---@param question { members: string[]?, of: string?, by: string|string[]?, through: cm.Mrio? }?
---@return cm.Frame  columns: the dimensions, value (the deal's unit; or jobs, revenue), share
function value.methods:decompose(question)
  local d = inside.of(self)
  question = args.check("decompose", question or {}, FIELDS)
  if not d.w.placing then
    refuse(("'%s' has worths that are given, so there is no plan to decompose"):format(d.name),
      "chain", "cm.cooperation{ chain = ..., members = ... } places a chain")
  end
  local s = coalition_of(d, question.members)
  local all = s == coalition.all(#d.members)
  local who = all and "all members" or coalition.label(d.members, s)
  local chain, low, high = placing.settled(d.w.placing, s)
  if not chain then
    local stages = placing.lacking(d.w.placing, s)
    refuse(("'%s': there is no plan of %s, who cannot do %s"):format(d.name, who, #stages > 0
      and "'" .. table.concat(stages, "', '") .. "'" or "every stage within the rules"),
      "members", "deal:coalitions() lists what each coalition can do")
  end
  local frame = chain:decompose{ of = question.of, by = question.by, through = question.through }
  local note = table.move(frame:spec().note, 1, #frame:spec().note, 1, {})
  table.move(d.definition, 1, #d.definition, #note + 1, note)
  note[#note + 1] = "in the plan of " .. who
  if (question.of or "value") ~= "value" then return frame:with{ note = note } end
  return frame:with{ note = note, check = { ("sum %.2f; %s is left to share"):format(
    frame:sum "value", amount(low, high)) } }
end

return value

--- What a plan can be asked to make least, most, or to keep within bounds.
---
---     cost          landed cost of one unit
---     value.ETH     what is added there for one unit (GDP), duties not counted
---     income.ETH    what its people, firms and state earn of one unit (GNI)
---     revenue.ETH   taxes less subsidies of the place, for one unit
---     content.ETH   value.ETH as a share of the landed cost; has a least value only
---     jobs.ETH      labour there for all that is made; jobs.ETH.skilled of one skill
---     budget        entry, set-up and the like for all that is made; budget.ETH in one place
---
--- Errors CM1004, CM2042.

local args = require "capmod.args"
local combine = require "capmod.chain.combine"
local each = require "capmod.each"
local errors = require "capmod.errors"
local stage = require "capmod.chain.stage"

local measures = {}

--- Where a part of a figure is earned, and by whom: the share that a place has in it.
local function is_value(part, option, code) return (part.to or option.at) == code and 1 or 0 end

local function earned(part, option, code)
  if part.to then return part.to == code and 1 or 0 end
  if stage.components[part[1]] ~= "owner" then return option.at == code and 1 or 0 end
  return (option.owners or option.party).share[code] or 0
end

local function is_public(part, option, code)
  return (part[1] == "tax" or part[1] == "subsidy") and option.at == code and 1 or 0
end

local function parts_of(option)
  return option.figure.parts or { { "(not split)", option.figure.total } }
end

--- A sum over the parts of an option for one unit of the product, each with the share `test` says.
local function by_parts(test)
  return function(s, option, code)
    local sum = 0
    for _, part in ipairs(parts_of(option)) do sum = sum + part[2] * test(part, option, code) end
    return s.per_unit * sum
  end
end

local function jobs(s, option, code, skill)
  local sum = 0
  for _, job in ipairs(option.at == code and option.figure.jobs or {}) do
    if not skill or job[1] == skill then sum = sum + job[2] end
  end
  return s.world.volume * s.per_unit * sum
end

local function budget(facility, code)
  return (not code or facility.at == code) and facility.investment or 0
end

local HEADS = {
  value = { place = true, option = by_parts(is_value) },
  content = { place = true, option = by_parts(is_value), share = true },
  income = { place = true, option = by_parts(earned) },
  revenue = { place = true, option = by_parts(is_public) },
  jobs = { place = true, option = jobs, skill = true },
  budget = { facility = budget },
  cost = { weight = 1 },
}

local EXAMPLES = { "cost", "value.ETH", "income.ETH", "content.ETH", "jobs.ETH", "revenue.ETH",
  "budget" }

local function refuse(found, name, why, fix)
  found:add(2042, { message = ("locate: %s"):format(why), object = "locate",
    field = tostring(name), fix = fix or "measures are " .. table.concat(EXAMPLES, ", ") })
end

local function check_skill(chain, skill, name, found)
  local known, list = {}, {}
  for _, s in ipairs(chain.list) do
    for _, one in ipairs(s.variants or { s }) do
      if type(one.labour) == "number" then known.labour = true end
      for each_skill in each(type(one.labour) == "table" and one.labour or {}) do
        known[each_skill] = true
      end
    end
  end
  for one in each(known) do list[#list + 1] = one end
  if #list == 0 then
    refuse(found, name, ("'%s': no stage states its labour"):format(name),
      "stages = { { \"assembly\", labour = { skilled = 2 }, ... } }")
  elseif skill and not known[skill] then
    refuse(found, name, ("'%s': no stage needs %s labour"):format(name, skill),
      errors.did_you_mean(skill, list, "the skills are " .. table.concat(list, ", ")))
  end
end

--- What a name stands for: { head =, code =, skill = }; nil and a finding where it is none.
local function parse(chain, name, found)
  local first, rest = tostring(name):match "^([^.]+)%.?(.*)$"
  local head = HEADS[first]
  if not head or head.weight and rest ~= "" or head.place and rest == "" then
    local known = {}
    for one in each(HEADS) do known[#known + 1] = one end
    local near = not head and first and errors.suggest(first, known)
    refuse(found, name, ("there is no measure '%s'"):format(tostring(name)),
      near and ("did you mean '%s'?"):format(name:gsub("^[^.]+", near, 1)) or nil)
    return nil
  end
  local place, skill = rest, nil
  if head.skill and rest:find("%.", 1) then place, skill = rest:match "^(.-)%.(.+)$" end
  local code = rest ~= "" and stage.place(place, found, "locate", tostring(name)) or nil
  if rest ~= "" and not code then return nil end
  if head.skill then check_skill(chain, skill, name, found) end
  return { head = head, code = code, skill = skill }
end

local function entry(list, n, index, value)
  if value == 0 then return end
  local k = #list.measure + 1
  list.measure[k], list.index[k], list.value[k] = n, index, value
end

--- The entries of a measure: what each option and each facility adds to it.
local function add_entries(t, chain, n, m, name, found)
  local refused = false
  for o, option in ipairs(m.head.option and t.list or {}) do
    local s = option.variant or chain.list[t.stage[o]]
    local value = s and option.figure and m.head.option(s, option, m.code, m.skill) or 0
    entry(t.option_entries, n, o, value)
    if value ~= 0 and s.flexible and not refused then
      refused = true
      combine.refuse(found, chain, ("%s counts what is made of '%s'"):format(name, s.name),
        "minimise the cost, and ask plan:measure what the plan comes to; or a fixed recipe")
    end
  end
  for f, facility in ipairs(m.head.facility and t.built or {}) do
    entry(t.facility_entries, n, f, m.head.facility(facility, m.code))
  end
end

--- Adds a row of the problem; returns its number.
---@param t table
---@param weight number  of total cost
---@param lower number
---@param upper number
---@return integer
function measures.row(t, weight, lower, upper)
  local m, n = t.measures, #t.measures.weight + 1
  m.weight[n], m.lower[n], m.upper[n] = weight, lower, upper
  return n
end

--- What option o adds to measure n.
function measures.add(t, n, o, value) entry(t.option_entries, n, o, value) end

--- What facility f, once open, adds to measure n.
function measures.add_facility(t, n, f, value) entry(t.facility_entries, n, f, value) end

--- The value that an option adds in a place, for one unit of the product.
measures.value = HEADS.value.option

--- What falls to the place of an option for one unit of the product: "value", "revenue", "jobs" or
--- "jobs.skilled". CM2042 another name.
---@param chain table
---@param name string
---@param found cm.Findings
---@return (fun(s: table, option: table): number)?
function measures.falling(chain, name, found)
  local first, skill = name:match "^([^.]+)%.?(.*)$"
  local head = HEADS[first]
  if not head or not head.option or head.share or first == "income"
    or skill ~= "" and not head.skill then
    return refuse(found, name, ("'%s' is nothing that falls to a place"):format(name),
      "what falls to places is value, revenue, jobs, or jobs.skilled")
  end
  if head.skill then check_skill(chain, skill ~= "" and skill or nil, name, found) end
  local volume = head.skill and chain.world.volume or 1
  return function(s, option)
    return head.option(s, option, option.at, skill ~= "" and skill or nil) / volume
  end
end

--- Whether a rule says a least or a greatest value that is one.
local function is_rule(rule, name, found)
  local object, before = "subject." .. tostring(name), #found
  args.check("locate", { [object] = rule }, { [object] = { "table",
    about = "{ max = 210 }, { min = 0.3 }, or both" } }, found)
  if #found > before then return false end
  args.check(object, rule, { min = { "number" }, max = { "number" } }, found)
  if #found == before and (next(rule) == nil or rule.min ~= rule.min or rule.max ~= rule.max) then
    refuse(found, name, next(rule) == nil and ("%s says neither min nor max"):format(object)
      or ("a bound of %s is not a number"):format(object), "subject = { cost = { max = 210 } }")
  end
  return #found == before
end

local function add_rule(t, chain, name, rule, found)
  if not is_rule(rule, name, found) then return end
  local m = parse(chain, name, found)
  if not m then return end
  local lower, upper = rule.min or -math.huge, rule.max or math.huge
  if m.head.weight and rule.min then
    return refuse(found, name, "a cost has no least value", "subject = { cost = { max = ... } }")
  elseif m.head.share and (rule.max or rule.min and (rule.min < 0 or rule.min > 1)) then
    return refuse(found, name, ("%s is a share of the landed cost, from below: min = 0.3"):format(
      name), ("bound value.%s from above"):format(m.code))
  elseif m.head.share then
    lower, upper = 0, math.huge
  end
  local weight = m.head.share and -(rule.min or 0) or m.head.weight or 0
  t.measures.named[name] = measures.row(t, weight, lower, upper)
  add_entries(t, chain, t.measures.named[name], m, name, found)
end

--- Adds the objective and the rules of `subject` to a problem, whose rows `t.measures.named` gives
--- by name; returns the name of the objective.
---@param t table
---@param chain table
---@param given table
---@param dropped table<string, boolean>
---@param found cm.Findings
---@return string
function measures.read(t, chain, given, dropped, found)
  t.measures = { weight = {}, lower = {}, upper = {}, named = {} }
  t.option_entries = { measure = {}, index = {}, value = {} }
  t.facility_entries = { measure = {}, index = {}, value = {} }
  if given.minimise and given.maximise then
    found:add(1004, { message = "locate: minimise and maximise exclude each other",
      object = "locate", field = "maximise", fix = "make one of them a rule in subject" })
  end
  local objective = given.maximise or given.minimise or "cost"
  t.maximise = given.maximise ~= nil
  if t.maximise and objective == "cost" then
    refuse(found, "maximise", "a cost is not maximised", "minimise = \"cost\"")
  end
  local m = parse(chain, objective, found)
  if m and m.head.share then
    refuse(found, objective, ("%s is a share, and shares are bounded"):format(objective),
      ("maximise = \"value.%s\", subject = { [\"%s\"] = { min = 0.3 } }"):format(m.code, objective))
  elseif m then
    add_entries(t, chain, measures.row(t, m.head.weight or 0, 0, 0), m, objective,
      found)
  end
  for name, rule in each(given.subject or {}) do
    if not dropped["subject " .. tostring(name)] then add_rule(t, chain, name, rule, found) end
  end
  return objective
end

return measures

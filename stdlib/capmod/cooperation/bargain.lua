--- Bargaining over real instruments: an equity share, a royalty, a tax, local content, a transfer
--- price. What each pays to whom is linear in its setting, and effects add up.

local args = require "capmod.args"
local coalition = require "capmod.cooperation.coalition"
local core = require "capmod.core"
local each = require "capmod.each"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local inside = require "capmod.cooperation.inside"
local rules = require "capmod.cooperation.rules"
local stable = require "capmod.cooperation.stable"

local bargain = { methods = {} }

local FIELDS = {
  instruments = { "table", required = true,
    about = "{ equity = { of = 350, from = \"CHN\", to = \"KEN\", max = 0.49 } }" },
  base = { "string", "table", required = true,
    about = "who has what before anything is agreed: \"CHN\", or { CHN = 300, KEN = 50 }" },
  rule = { "string", about = "nash, kalai_smorodinsky or max_min" },
  weights = { "table", about = "of members: { KEN = 2 }" },
  limits = { "list", about = "{ { equity = 1, tax = 1, max = 0.6 } }" },
}

local INSTRUMENT = {
  of = { "number", about = "the money that a setting of 1 moves: profit, sales, units" },
  from = { "string" }, to = { "string" },
  arrives = { "number", about = "the part of it that arrives: 0.9 after a tax on it" },
  pays = { "table", about = "instead: what a setting of 1 is worth to each: { KEN = 40 }" },
  min = { "number" }, max = { "number", required = true },
  at = { "number", about = "the setting in the base; 0 if left out" },
}

local RULES = { "nash", "kalai_smorodinsky", "max_min" }
local CORE = { nash = "nash", kalai_smorodinsky = "kalai", max_min = "max_min" }

local function refuse(message, field, fix)
  errors.raise(2218, { message = "bargain: " .. message, object = "bargain", field = field,
    fix = fix })
end

local function finite(value, field)
  if type(value) == "number" and value - value == 0 then return value end
  refuse(("%s is %s, not a finite number"):format(field, tostring(value)), field,
    "settings and payoffs are numbers in the unit of the deal")
end

-- ---- what is on the table -----------------------------------------------------------------------

--- What a setting of 1 is worth to each member.
local function pays_of(d, name, t)
  local pays, field = {}, "instruments." .. name
  for i in ipairs(d.members) do pays[i] = 0 end
  if (t.pays == nil) == (t.of == nil) or t.of and not (t.from and t.to) then
    refuse(("'%s' does not say what it moves"):format(name), field, "of = 350, from = \"CHN\", "
      .. "to = \"KEN\"; or pays = { CHN = -55, KEN = 40 }")
  end
  for member, value in each(t.pays or {}) do
    pays[coalition.place(member, d.place, field)] = finite(value, field .. ".pays")
  end
  if t.of then
    local from, to = coalition.place(t.from, d.place, field), coalition.place(t.to, d.place, field)
    pays[from] = pays[from] - finite(t.of, field .. ".of")
    pays[to] = pays[to] + t.of * finite(t.arrives or 1, field .. ".arrives")
  end
  return pays
end

local function read_instruments(d, given)
  local list = {}
  for name, t in each(given) do
    local object = ("instrument '%s'"):format(tostring(name))
    args.one(name, "bargain", "instruments", "string")
    args.check(object, t, INSTRUMENT)
    local one = { name = name, min = finite(t.min or 0, name .. ".min"),
      max = finite(t.max, name .. ".max"), at = finite(t.at or 0, name .. ".at"),
      pays = pays_of(d, name, t), is_transfer = t.of ~= nil }
    if one.min > one.max then
      refuse(("'%s' goes from %g to %g"):format(name, one.min, one.max), "instruments." .. name,
        "min is not above max")
    end
    list[#list + 1] = one
  end
  if #list == 0 then refuse("there is no instrument", "instruments", FIELDS.instruments.about) end
  return list
end

--- Payoffs before anything is agreed; whoever holds the gain has what is not had in kind.
local function base_of(d, given)
  local base, rest = {}, d.total
  for i in ipairs(d.members) do
    base[i] = type(given) == "string" and d.in_kind and d.in_kind[i] or 0
    rest = rest - base[i]
  end
  if type(given) == "string" then
    local i = coalition.place(given, d.place, "base")
    base[i] = base[i] + rest
    return base
  end
  for member, value in each(given) do
    base[coalition.place(member, d.place, "base")] = finite(value, "base." .. tostring(member))
  end
  return base
end

--- Limits on several instruments at once: rows of factors, and the right-hand sides.
local function limits_of(list, given)
  local at, rule, limit = {}, {}, {}
  for k, one in ipairs(list) do at[one.name] = k end
  for j, t in ipairs(given) do
    local row = {}
    args.one(t, "bargain", "limits", "table")
    for k in ipairs(list) do row[k] = 0 end
    for name, factor in each(t) do
      if name ~= "max" and not at[name] then
        refuse(("limit %d names '%s', which is no instrument"):format(j, tostring(name)), "limits",
          "a limit is { equity = 1, tax = 1, max = 0.6 }")
      end
      if name ~= "max" then row[at[name]] = finite(factor, ("limits[%d].%s"):format(j, name)) end
    end
    limit[j] = finite(t.max, ("limits[%d].max"):format(j))
    table.move(row, 1, #row, #rule + 1, rule)
  end
  return rule, limit
end

--- The problem as core.bargain takes it.
local function table_of(d, list, base, t)
  local q = { lower = {}, upper = {}, base = {}, alone = {}, payoff = {}, gap = 1e-10,
    weights = rules.weights(d, t.weights, "bargain") }
  q.rule, q.limit = limits_of(list, t.limits or {})
  for k, one in ipairs(list) do q.lower[k], q.upper[k] = one.min, one.max end
  for i in ipairs(d.members) do
    q.alone[i], q.base[i] = d.alone(i), base[i]
    for _, one in ipairs(list) do
      q.base[i] = q.base[i] - one.pays[i] * one.at
      q.payoff[#q.payoff + 1] = one.pays[i]
    end
  end
  return q
end

-- ---- the offer sheet ----------------------------------------------------------------------------

local function row_of(d, item, values, setting)
  local row = { item = item, setting = setting, sum = 0 }
  for i, member in ipairs(d.members) do
    row[member], row.sum = values[i], row.sum + values[i]
  end
  return row
end

--- What free transfers would give of the same sum: gains over what each has alone by the weights.
local function free(d, u, q)
  local total = coalition.sum(u, coalition.all(#d.members))
  return core.nash(total, q.alone, q.weights)
end

--- "CHN -215.00, FRA +80.00".
local function amounts(d, list)
  local texts = {}
  for i, member in ipairs(d.members) do
    texts[i] = ("%s %+.2f"):format(member, math.abs(list[i]) < 0.005 and 0 or list[i])
  end
  return table.concat(texts, ", ")
end

local function money_words(d, list, z)
  local net, some = {}, false
  for i in ipairs(d.members) do
    net[i] = 0
    for k, one in ipairs(list) do
      some = some or one.is_transfer
      if one.is_transfer then net[i] = net[i] + (z[k] - one.at) * one.pays[i] end
    end
  end
  return some and "money that the instruments move: " .. amounts(d, net) or nil
end

local function transfer_words(d, u, x)
  local more = {}
  for i in ipairs(d.members) do more[i] = x[i] - u[i] end
  return "what transfers without limits would add: " .. amounts(d, more)
end

local TITLES = { nash = "Nash (1950)", kalai_smorodinsky = "Kalai and Smorodinsky (1975)",
  max_min = "the largest least gain" }

local function sheet(d, list, base, q, name, z, u, ideal)
  local rows, gain = { row_of(d, "without agreement", q.alone), row_of(d, "before", base) }, {}
  for k, one in ipairs(list) do
    local effect = {}
    for i in ipairs(d.members) do effect[i] = (z[k] - one.at) * one.pays[i] end
    rows[#rows + 1] = row_of(d, one.name, effect, z[k])
  end
  for i in ipairs(d.members) do gain[i] = u[i] - q.alone[i] end
  rows[#rows + 1] = row_of(d, "agreed", u)
  rows[#rows + 1] = row_of(d, "gain by agreement", gain)
  if ideal then
    rows[#rows + 1] = row_of(d, "most each could get", ideal)
    rows[#rows].sum = nil
  end
  local cols = { { name = "item" }, { name = "setting", digits = 4, unit = "1" } }
  for _, member in ipairs(d.members) do cols[#cols + 1] = { name = member, digits = 2 } end
  cols[#cols + 1] = { name = "sum", digits = 2 }
  local check = { money_words(d, list, z), transfer_words(d, u, free(d, u, q)) }
  if not check[1] then check = { transfer_words(d, u, free(d, u, q)) } end
  if d.exact == false then check[#check + 1] = "worths are intervals; this is at their middle" end
  if d.game and math.abs(rows[#rows - (ideal and 2 or 1)].sum - d.total) <= 1e-6
    * math.max(1, math.abs(d.total)) then
    check[#check + 1] = stable.words(d, u)
  end
  return frame{ title = ("'%s': what is agreed by %s"):format(d.name, TITLES[name]),
    unit = d.unit, keys = { "item" }, cols = cols, rows = rows, bar = false, check = check,
    note = d.definition }
end

--- An agreement over instruments, as an offer sheet. An instrument moves `setting * of` money
--- `from` one member `to` another, of which the part `arrives` (an equity share of the profit, a
--- royalty on sales, a tax, a transfer price on units), or `pays` each member so much for a setting
--- of 1 (local content); it lies between `min` (0) and `max`, and `at` is its setting in the base.
--- Effects are linear and add up: what multiplies (a tax on the profit of which equity takes a
--- share) is stated with the other at its likely setting. `limits` bound several at once. `base`:
--- who has what before anything is agreed; a name: who holds the gain. Without agreement each has
--- what it is worth alone. `rule`: "nash" (1950, with `weights`; the default), by tangents of the
--- logarithms to within 1e-10; "kalai_smorodinsky" (1975): all get the same part of the most they
--- could; "max_min" (Kalai 1977): the least gain, by weight, is as large as can be. CM1004, CM2202
--- no agreement, CM2210 members, CM2218 instruments.
---
---     print(deal:bargain{ base = "CHN", rule = "nash", instruments = {
---       equity = { of = 350, from = "CHN", to = "KEN", max = 0.49 },
---       content = { pays = { KEN = 60, CHN = -90 }, min = 0.2, max = 0.6, at = 0.2 } } })
---@param t { instruments: table, base: string|table, rule: string?, weights: table?,
---  limits: table[]? }
---@return cm.Frame  item, setting, a column for each member, sum
function bargain.methods:bargain(t)
  local d = inside.of(self)
  args.check("bargain", t, FIELDS)
  local name = args.choice(t.rule or "nash", "rule", RULES, "bargain")
  if name == "kalai_smorodinsky" and t.weights then
    errors.raise(1004, { message = "bargain: the rule 'kalai_smorodinsky' takes no weights",
      object = "bargain", field = "weights", fix = 'rule = "nash" or "max_min" do' })
  end
  local list = read_instruments(d, t.instruments)
  local base = base_of(d, t.base)
  local q = table_of(d, list, base, t)
  local z, u, ideal = core.bargain(CORE[name], q)
  return sheet(d, list, base, q, name, z, u, type(ideal) == "table" and ideal or nil)
end

return bargain

--- Worths as an author gives them: numbers, intervals { low, high }, or payoffs by kind with
--- stated weights; and what members have outside the deal.

local coalition = require "capmod.cooperation.coalition"
local each = require "capmod.each"
local errors = require "capmod.errors"

local worth = {}

---@class cm.Worths
---@field low number[]      of coalitions 1 to 2^n - 1
---@field high number[]
---@field value fun(s: integer): number, number   of one coalition, for games too large to list
---@field definition string[]
---@field kinds string[]?   kinds of payoffs besides the worth
---@field amounts table?    of kinds, by coalition
---@field work table?       what members add in the plan of all

local function finite(value, label)
  if type(value) ~= "number" or value ~= value or math.abs(value) == math.huge then
    coalition.refuse(("the worth of %s is %s, not a finite number"):format(label,
      type(value) == "table" and "a table" or tostring(value)), "worth",
      "worths are numbers in one unit, intervals { 4, 6 }, or payoffs by kind with weights")
  end
  return value
end

--- A number, or an interval.
local function ends(value, label)
  if type(value) ~= "table" then return finite(value, label), value end
  local low, high = finite(value[1], label), finite(value[2], label)
  if low > high then
    coalition.refuse(("the worth of %s goes from %g to %g"):format(label, low, high), "worth",
      "an interval is { lower end, upper end }")
  end
  return low, high
end

--- CM2215: weights that do not fit the payoffs.
---@param message string
---@param fix string
function worth.refuse_weights(message, fix)
  errors.raise(2215, { message = "cooperation: " .. message, object = "cooperation",
    field = "weights", fix = fix })
end

--- The weight of one kind where it is the same for all. CM2215.
local function weight_of(weights, kind)
  local weight = weights[kind] or kind == "money" and 1
  if type(weight) ~= "number" or weight ~= weight or math.abs(weight) == math.huge then
    worth.refuse_weights(("payoffs of the kind '%s' have no weight"):format(kind),
      ("say what one is worth: weights = { %s = 0.05 }"):format(kind))
  end
  return weight
end

--- The weighted sum of payoffs by kind, and the middle of each.
local function weighted(value, label, weights, seen)
  local low, high, amounts = 0, 0, {}
  for kind, given in each(value) do
    local least, most = ends(given, ("%s in %s"):format(label, tostring(kind)))
    local weight = weight_of(weights, kind)
    seen[kind], amounts[kind] = true, (least + most) / 2
    least, most = weight * least, weight * most
    low, high = low + math.min(least, most), high + math.max(least, most)
  end
  return low, high, amounts
end

--- What reads worths, and what it has seen.
local function reader(weights)
  local seen, amounts = {}, {}
  return function(s, label, value, high)
    if type(value) == "table" and value[1] == nil and next(value) ~= nil then
      local least, most, by_kind = weighted(value, label, weights, seen)
      amounts[s] = by_kind
      return least, most
    end
    return ends(high and { value, high } or value, label)
  end, seen, amounts
end

local function finish(w, seen, amounts, weights, first)
  local kinds, texts = {}, {}
  for kind in each(seen) do
    kinds[#kinds + 1] = kind
    texts[#texts + 1] = ("%s %g"):format(kind, weight_of(weights, kind))
  end
  w.definition = { #kinds > 0 and first .. ", summed with the weights " .. table.concat(texts, ", ")
    or first }
  if #kinds > 0 then w.kinds, w.amounts = kinds, amounts end
  for kind in each(weights) do
    if not seen[kind] then
      worth.refuse_weights(("'%s' has a weight, but nothing pays it"):format(tostring(kind)),
        "weights are of the kinds of payoffs in the worths")
    end
  end
  return w
end

--- Worths by a table: every coalition once.
---@param members string[]
---@param place table<string, integer>
---@param given table
---@param weights table
---@return cm.Worths
function worth.listed(members, place, given, weights)
  local read, seen, amounts = reader(weights)
  local w = { low = {}, high = {} }
  for label, value in each(given) do
    local s = coalition.of(label, place)
    if w.low[s] then
      coalition.refuse(("%s is given twice"):format(coalition.label(members, s)), "worth")
    end
    w.low[s], w.high[s] = read(s, tostring(label), value)
  end
  for s = 1, coalition.all(#members) do
    if not w.low[s] then
      coalition.refuse(("the worth of %s is missing"):format(coalition.label(members, s)), "worth")
    end
  end
  return finish(w, seen, amounts, weights, "worth as given")
end

--- Worths by an author's function of the list of members: a worth, or the ends of one. `listed`
--- says that all are asked for at once.
---@param members string[]
---@param given function
---@param weights table
---@param listed boolean
---@return cm.Worths
function worth.called(members, given, weights, listed)
  local read, seen, amounts = reader(weights)
  local function value(s)
    local low, high = given(coalition.members(members, s))
    if type(low) == "number" and low - low == 0 and high == nil then return low, low end
    return read(s, coalition.label(members, s), low, high)
  end
  local w, all = { low = {}, high = {}, value = value }, coalition.all(#members)
  for s = listed and 1 or all, all do w.low[s], w.high[s] = value(s) end
  return finish(w, seen, amounts, weights, "worth by the author's function")
end

--- What members have outside the deal, by their place. CM2210.
---@param given table?  by name
---@param place table<string, integer>
---@param stated table<integer, number>  by place, of whom `given` says nothing
---@return table<integer, number>?
function worth.outside(given, place, stated)
  local outside = {}
  for i, value in each(stated) do outside[i] = value end
  for name, value in each(given or {}) do
    outside[coalition.place(name, place, "outside")] = finite(value, "outside: " .. tostring(name))
  end
  return next(outside) ~= nil and outside or nil
end

--- The same where worths are asked for as they are needed: of one coalition, over all who may be
--- left out.
---@param value fun(s: integer): number, number?
---@param outside table<integer, number>
---@return fun(s: integer): number, number
function worth.value_outside(value, outside)
  local who, known = {}, { [0] = { 0, 0 } }
  for i in each(outside) do who[#who + 1] = i end
  local function best(s, k)
    if k > #who then
      known[s] = known[s] or { value(s) }
      return known[s][1], known[s][2] or known[s][1]
    end
    local low, high = best(s, k + 1)
    local bit, has = 1 << (who[k] - 1), outside[who[k]]
    if s & bit ~= 0 then
      local least, most = best(s & ~bit, k + 1)
      low, high = math.max(low, least + has), math.max(high, most + has)
    end
    return low, high
  end
  return function(s) return best(s, 1) end
end

--- A coalition leaves out whoever has more elsewhere: the most of its worth and of that without a
--- member, who then takes what it has outside.
---@param list number[]  worths of all coalitions, changed in place
---@param n integer
---@param outside number[]  by place; who is not in it has nothing outside
function worth.add_outside(list, n, outside)
  for s = 1, coalition.all(n) do
    for i = 1, n do
      if outside[i] and coalition.has(s, i) then
        list[s] = math.max(list[s], (list[s ~ (1 << (i - 1))] or 0) + outside[i])
      end
    end
  end
end

return worth

--- Families: variables over sets, v.ship[i][j], and sums over them. Errors CM4110, CM4111.

local args = require "capmod.args"
local each = require "capmod.each"
local errors = require "capmod.errors"
local expression = require "capmod.program.expression"

local family = {}

---@class cm.Family
local Family = { __name = "cm.Family" }

-- Each: family (the record), offset and depth: which indices are given so far.
local inside = setmetatable({}, { __mode = "k" })

-- ---- sets ---------------------------------------------------------------------------------------

local function refuse(message, field, fix)
  errors.raise(4110, { message = "program: " .. message, object = "program", field = field,
    fix = fix })
end
family.refuse = refuse

--- A set from the author's list: elements in order, and the place of each.
local function set_of(name, list)
  args.one(list, "program", "set '" .. tostring(name) .. "'", "list")
  local place = {}
  for k, element in ipairs(list) do
    if type(element) ~= "string" and math.type(element) ~= "integer" then
      refuse(("set '%s': element %d is a %s"):format(name, k, args.kind(element)), name,
        "elements are texts or whole numbers")
    elseif place[element] then
      refuse(("set '%s' has '%s' twice"):format(name, element), name, "take one of them out")
    end
    place[element] = k
  end
  return { name = name, list = table.move(list, 1, #list, 1, {}), place = place, size = #list }
end

--- The sets of a program by name.
---@param given table<string, (string|integer)[]>?
function family.sets(given)
  local sets = {}
  for name, list in each(given or {}) do sets[name] = set_of(name, list) end
  return sets
end

-- Columns of the frames in which indices stand beside results.
local TAKEN = { variable = true, constraint = true, value = true, reduced_cost = true,
  activity = true, lower = true, upper = true, slack = true, dual = true, cost = true,
  side = true, down_to = true, up_to = true }

local function known_set(sets, name, what)
  if sets[name] then return sets[name] end
  local known = {}
  for set in each(sets) do known[#known + 1] = set end
  refuse(("%s is over '%s', which is no set"):format(what, name), "over",
    errors.did_you_mean(name, known, #known > 0 and "the sets are " .. table.concat(known, ", ")
      or "name the sets: sets = { plant = { \"A\", \"B\" } }"))
end

--- The indices that `over` names: "plant", { "plant", "market" }, { "a in plant", "b in plant" }.
---@return { name: string, set: table }[]
function family.indices(sets, over, what)
  local list, seen = {}, {}
  for k, word in ipairs(type(over) == "table" and over or { over }) do
    args.one(word, what, "over", "string")
    local name, set = word:match "^%s*(%S+)%s+in%s+(%S+)%s*$"
    name, set = name or word, known_set(sets, set or word, what)
    if seen[name] or TAKEN[name] then
      refuse(("%s: two indices, or an index and a column of results, are named '%s'"):format(what,
        name), "over", 'give the index a name of its own: "from in ' .. set.name .. '"')
    end
    seen[name], list[k] = true, { name = name, set = set }
  end
  return list
end

--- Calls f(elements, offset) for every combination of the indices, the last one fastest. `fixed`
--- gives the elements to take of an index, by number.
function family.walk(indices, fixed, f, depth, offset, elements)
  depth, offset, elements = depth or 1, offset or 0, elements or {}
  if depth > #indices then return f(elements, offset) end
  local set = indices[depth].set
  for _, element in ipairs(fixed[depth] or set.list) do
    elements[depth] = element
    family.walk(indices, fixed, f, depth + 1, offset * set.size + set.place[element] - 1, elements)
  end
end

--- "ship[seattle,new-york]"
function family.label(name, elements)
  if #elements == 0 then return name end
  local words = {}
  for k, element in ipairs(elements) do words[k] = tostring(element) end
  return ("%s[%s]"):format(name, table.concat(words, ","))
end

-- ---- looking up ---------------------------------------------------------------------------------

local function refuse_element(name, set, element, where)
  local known = {}
  for k, e in ipairs(set.list) do known[k] = tostring(e) end
  errors.raise(4111, {
    message = ("program: %s '%s' is not in the set '%s'"):format(where, tostring(element),
      set.name),
    object = name, field = tostring(element), fix = errors.did_you_mean(tostring(element), known,
      #known <= 12 and "its elements are " .. table.concat(known, ", ") or nil) })
end

local function make(record, offset, depth)
  local object = setmetatable({}, Family)
  inside[object] = { family = record, offset = offset, depth = depth }
  return object
end

--- What v.name gives: a family, or where there are no indices the variable itself.
function family.handle(record)
  if #record.indices == 0 then return record.made[0] end
  return make(record, 0, 0)
end

function Family:__index(key)
  local s = inside[self]
  local record, depth = s.family, s.depth + 1
  local set = record.indices[depth].set
  local place = set.place[key] or math.type(key) == "float" and set.place[math.tointeger(key)]
  if not place then refuse_element(record.name, set, key, record.name .. ":") end
  local offset = s.offset * set.size + place - 1
  if depth < #record.indices then return make(record, offset, depth) end
  return record.made[offset] or 0 -- what `where` leaves out
end

function Family:__call(...)
  local found = self
  for _, key in ipairs{ ... } do
    if args.kind(found) ~= "Family" then
      refuse(("%s has %d indices"):format(inside[self].family.name,
        #inside[self].family.indices), "over", "give one element an index")
    end
    found = found[key]
  end
  return found
end

function Family:__newindex(key)
  refuse(("%s: nothing can be set in a variable"):format(inside[self].family.name),
    tostring(key), "bounds stand where the variable is declared, others are constraints")
end

local function refuse_arithmetic()
  return expression.terms(make({ name = "?", indices = {} }, 0, 0), "arithmetic")
end
for _, event in ipairs{ "__add", "__sub", "__mul", "__div", "__unm", "__lt", "__le" } do
  Family[event] = refuse_arithmetic
end

function Family:__tostring()
  local s = inside[self]
  return ("variable '%s' with %d of %d indices"):format(s.family.name, s.depth,
    #s.family.indices)
end

-- ---- sums ---------------------------------------------------------------------------------------

--- Which elements each index takes: what is given so far, and { market = "new-york" }.
local function selection(s, wanted)
  local indices, fixed, offset = s.family.indices, {}, s.offset
  for k = s.depth, 1, -1 do
    local set = indices[k].set
    fixed[k], offset = { set.list[offset % set.size + 1] }, offset // set.size
  end
  for name, value in each(wanted or {}) do
    local k, known = nil, {}
    for at = s.depth + 1, #indices do
      known[#known + 1] = indices[at].name
      if indices[at].name == name then k = at end
    end
    if not k then
      refuse(("a sum over %s picks from '%s', which is no open index of it"):format(s.family.name,
        tostring(name)), tostring(name), errors.did_you_mean(tostring(name), known,
        "open are " .. table.concat(known, ", ")))
    end
    fixed[k] = type(value) == "table" and value or { value }
    for _, element in ipairs(fixed[k]) do
      if not indices[k].set.place[element] then
        refuse_element(s.family.name, indices[k].set, element, "sum over " .. s.family.name .. ":")
      end
    end
  end
  return fixed
end

local function family_of(value, verb)
  if not inside[value] then
    args.one(value, verb, "variable", "Family")
  end
  return inside[value]
end

local function sum_family(value, wanted)
  local s = family_of(value, "sum")
  return expression.gather(function(add)
    family.walk(s.family.indices, selection(s, wanted), function(_, offset)
      if s.family.made[offset] then add(s.family.made[offset]) end
    end)
  end)
end

local function refuse_sum(kind)
  errors.raise(1003, { message = ("sum does not take a %s"):format(kind), object = "sum",
    fix = "sum(v.ship), sum(v.ship, { market = j }), sum(list, function(i) ... end), sum{ a, b }" })
end

--- sum(lists..., f): f of every combination; nil or false adds nothing.
local function sum_lists(given)
  local f, lists, values = given[given.n], {}, {}
  for k = 1, given.n - 1 do lists[k] = args.one(given[k], "sum", "list", "list") end
  return expression.gather(function(add)
    local function level(k)
      if k > #lists then
        local value = f(table.unpack(values, 1, #lists))
        if value then add(value) end
        return
      end
      for _, element in ipairs(lists[k]) do
        values[k] = element
        level(k + 1)
      end
    end
    level(1)
  end)
end

--- A sum: of all of a variable, sum(v.ship[i]); of some, sum(v.ship, { market = j }); of a function
--- over lists, sum(plants, markets, function(i, j) return ... end), where nil or false adds
--- nothing; or of a list, sum{ a, b }. CM4110 to CM4112.
---@return number|cm.Expression
function family.sum(...)
  local given = table.pack(...)
  if args.kind(given[1]) == "Family" then return sum_family(given[1], given[2]) end
  if given.n > 1 and type(given[given.n]) == "function" then return sum_lists(given) end
  if given.n ~= 1 or type(given[1]) ~= "table" or expression.is(given[1]) then
    refuse_sum(args.kind(given[1]))
  end
  return expression.gather(function(add)
    for _, value in ipairs(given[1]) do add(value) end
  end)
end

-- ---- figures by index ---------------------------------------------------------------------------

--- Refuses figures for elements that no set has: a slip of the pen would count as 0.
local function check_keys(figures, indices, depth, what)
  if type(figures) ~= "table" or not indices[depth] then return end
  for key, value in each(figures) do
    if not indices[depth].set.place[key] then
      refuse_element(what, indices[depth].set, key, what .. ":")
    end
    check_keys(value, indices, depth + 1, what)
  end
end

--- A function from elements to the author's figure for them, or nil where none is given.
---@param given number|table|fun(...): number?|capmod.Matrix
---@param indices table[]
---@param depth integer  the first index that the figures have
---@param what string
function family.figures(given, indices, depth, what)
  if type(given) == "function" then
    return function(elements) return given(table.unpack(elements, depth)) end
  elseif type(given) == "number" then
    return function() return given end
  elseif args.kind(given) == "capmod.Matrix" or args.kind(given) == "Matrix" then
    return function(elements)
      return given:get(tostring(elements[depth]), tostring(elements[depth + 1]))
    end
  end
  check_keys(args.one(given, what, "figures", "table"), indices, depth, what)
  return function(elements)
    local value = given
    for k = depth, #indices do
      if type(value) ~= "table" then break end -- a figure for all that follows
      value = value[elements[k]]
    end
    return value
  end
end

--- The sum of a variable times figures: dot(v.ship[i], cost[i]). Figures are a table by element
--- (what it leaves out is 0), nested for several indices (a figure in place of a table holds for
--- all indices that follow), a labelled matrix for two, or a function.
--- `wanted` picks as in sum. CM4111 where the table has an element that the set does not.
---@param value cm.Family
---@param given table|capmod.Matrix|function
---@param wanted table?
---@return number|cm.Expression
function family.dot(value, given, wanted)
  local s = family_of(value, "dot")
  local figure = family.figures(given, s.family.indices, s.depth + 1, s.family.name)
  return expression.gather(function(add)
    family.walk(s.family.indices, selection(s, wanted), function(elements, offset)
      local made = s.family.made[offset]
      local factor = made and figure(elements)
      if factor then add(made, args.one(factor, "dot", "figure", "number")) end
    end)
  end)
end

return family

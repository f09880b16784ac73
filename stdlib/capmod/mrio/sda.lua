--- cm.sda{}: the change of an indicator from one table to another, shared out among its factors.

local args = require "capmod.args"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local group = require "capmod.mrio.group"
local store = require "capmod.mrio.store"
local text = require "capmod.text"

local FIELDS = {
  from = { "Mrio", required = true, about = "the table before" },
  to = { "Mrio", required = true, about = "the table after, of the same countries and sectors" },
  indicator = { "string", about = "value_added (default) or output" },
  row = { "string", about = "a published row instead: \"VA\"" },
  satellite = { "string", about = "a satellite instead: \"EMP\"" },
  factors = { "list", about = "v; L, or technology, sourcing; Y, or level, mix, final_sourcing" },
  method = { "string", about = "polar (default), all or lmdi" },
  by = { "string", "list", about = "country, sector: where it arises; nothing: the world" },
}
local FACTORS = { "v", "L", "technology", "sourcing", "Y", "level", "mix", "final_sourcing" }
local METHODS = { polar = "mean of the two polar forms", all = "mean of all orders",
  lmdi = "additive LMDI" }
local MEANING = {
  v = "per unit of output", L = "inputs per unit of output, all of them",
  technology = "inputs per unit of output, wherever from",
  sourcing = "where inputs are bought", Y = "final demand",
  level = "how much each country demands", mix = "what it demands",
  final_sourcing = "where final demand is bought",
}

-- ---- the factors --------------------------------------------------------------------------------

local function refuse(message, fix)
  errors.raise(1621, { message = "sda: " .. message, object = "sda", field = "factors", fix = fix })
end

--- Whether all, none, or only some of `names` are among the factors.
local function among(has, names)
  local n = 0
  for _, name in ipairs(names) do n = n + (has[name] and 1 or 0) end
  return n == #names and "all" or n == 0 and "none" or "some"
end

--- One side of the product: as a whole or in parts. True for parts.
local function split(has, whole, parts)
  local found = among(has, parts)
  if has[whole] and found == "none" then return false end
  if not has[whole] and found == "all" then return true end
  refuse(("'%s' or %s are due, and not both"):format(whole, table.concat(parts, ", ")),
    ("write '%s', or all of %s"):format(whole, table.concat(parts, ", ")))
end

--- Which sides are split. Nothing said: all of them, but L for LMDI.
local function read_factors(t, method)
  if not t.factors then return method ~= "lmdi", true end
  local has = {}
  for _, name in ipairs(t.factors) do
    has[args.choice(name, "factors", FACTORS, "sda")] = true
  end
  local counted = t.indicator ~= "output"
  if counted ~= (has.v or false) then
    refuse(counted and "'v' is missing" or "output has no 'v'",
      counted and 'add "v", or ask for indicator = "output"' or "leave it out")
  end
  local inputs = split(has, "L", { "technology", "sourcing" })
  local final = split(has, "Y", { "level", "mix", "final_sourcing" })
  if inputs and method == "lmdi" then
    refuse("lmdi cannot split L", 'write "L", or method = "all"')
  end
  return inputs, final
end

local function check_tables(a, b)
  local function differ(what)
    errors.raise(1622, { message = ("sda: '%s' and '%s' differ in %s"):format(a.name, b.name, what),
      object = "sda", fix = "bring them together with :aggregate first" })
  end
  for _, what in ipairs{ "countries", "sectors" } do
    if table.concat(a[what], "\n") ~= table.concat(b[what], "\n") then differ("their " .. what) end
  end
  if a.unit ~= b.unit then differ(("unit: %s and %s"):format(a.unit, b.unit)) end
end

-- ---- the answer ---------------------------------------------------------------------------------

local function figure(value)
  return text.number(value, text.number_style({ value }, 1))
end

--- The line that says whether the effects sum to the change.
local function check_line(columns, effects, n)
  local sum, change, worst = 0, 0, 0
  for i = 1, n do
    local mine = 0
    for _, name in ipairs(effects) do mine = mine + columns[name][i] end
    local due = columns.to[i] - columns.from[i]
    local size = math.max(math.abs(columns.to[i]), math.abs(columns.from[i]), 1e-300)
    sum, change, worst = sum + mine, change + due, math.max(worst, math.abs(mine - due) / size)
  end
  if worst > 1e-9 then
    return ("does NOT add up: the effects sum to %s, the change is %s"):format(text.full(sum),
      text.full(change))
  end
  return ("adds up: %s = the change, %s"):format(table.concat(effects, " + "), figure(change))
end

--- The world as one: a row for each factor.
local function by_factor(columns, effects)
  local rows, change = {}, columns.to[1] - columns.from[1]
  for i, name in ipairs(effects) do
    local value = columns[name][1]
    rows[i] = { factor = name, effect = value, share = change ~= 0 and value / change or nil,
      meaning = MEANING[name] }
  end
  return { keys = { "factor" }, rows = rows, bar = false, cols = { { name = "factor" },
    { name = "effect", format = "signed" }, { name = "share", format = "percent" },
    { name = "meaning" } } }
end

local function by_group(s, g, columns, effects)
  local cols = group.columns(s, g)
  for _, key in ipairs(g.keys) do
    columns[key] = {}
    for i, cell in ipairs(g.cells) do columns[key][i] = cell[key] end
  end
  columns.change = {}
  for i = 1, #g.cells do columns.change[i] = columns.to[i] - columns.from[i] end
  for _, name in ipairs{ "from", "to" } do cols[#cols + 1] = { name = name } end
  cols[#cols + 1] = { name = "change", format = "signed" }
  for _, name in ipairs(effects) do cols[#cols + 1] = { name = name, format = "signed" } end
  return { keys = g.keys, columns = columns, cols = cols, bar = false }
end

local function year_of(s) return s.year and tostring(s.year) or "'" .. s.name .. "'" end

--- What is counted in both tables (nil: output), its name and unit.
local function counted(a, b, t)
  if t.indicator == "output" then return nil, nil, "output", a.unit end
  local before, name, unit = group.weights(a, t)
  return before, group.weights(b, t), name, unit
end

--- Structural decomposition of the change of value added, output or a satellite between two tables.
---
---     cm.sda{ from = m1995, to = m2011, by = "country" }
---     cm.sda{ from = a, to = b, satellite = "EMP", factors = { "v", "L", "Y" }, method = "lmdi" }
---
--- The indicator is v L Y: what is counted per unit of output, the inputs that output needs, and
--- final demand. `factors` names the parts: "v" (not of output); "L", or "technology" (inputs per
--- unit, wherever from) and "sourcing" (the countries' shares in them); "Y", or "level", "mix" and
--- "final_sourcing". Left out, all is split. Methods: "polar", the mean of the two polar forms
--- (Dietzenbacher and Los 1998); "all", the mean of all orders; "lmdi", additive LMDI-I (Ang 2004),
--- where what is 0 or of another sign in one table is shared equally among the factors that make it
--- so. The effects sum to the change. Tables are taken in the prices that they are in: deflate them
--- before. CM1001-1004, CM1609, CM1621 factors, CM1622 tables that differ, CM4001, CM4002.
---@param t table
---@return cm.Frame
local function sda(t)
  args.check("sda", t, FIELDS)
  local a, b = store.of(t.from), store.of(t.to)
  local methods = { "polar", "all", "lmdi" }
  local method = args.choice(t.method or "polar", "method", methods, "sda")
  args.choice(t.indicator or "value_added", "indicator", { "value_added", "output" }, "sda")
  check_tables(a, b)
  local inputs, final = read_factors(t, method)
  local g = t.by and group.nodes(a, t.by, "sda")
    or { groups = {}, labels = { "world" }, cells = {}, keys = {} }
  for i = 1, t.by and 0 or #a.nodes do g.groups[i] = 1 end
  local before, after, what, unit = counted(a, b, t)
  local result = a.table:sda(b.table, method, before, after, inputs, final, g.groups, g.labels)
  local columns, effects = {}, {}
  for j, name in ipairs(result:labels "col") do
    columns[name] = result:column_list(j)
    if j > 2 then effects[#effects + 1] = name end
  end
  local check = check_line(columns, effects, result:rows())
  local spec = t.by and by_group(a, g, columns, effects) or by_factor(columns, effects)
  spec.title = ("change of %s from %s to %s, %s"):format(what, year_of(a), year_of(b),
    METHODS[method])
  spec.unit, spec.check = unit, check
  spec.note = "in the prices of the tables: deflation is the author's"
  return frame(spec)
end

return sda

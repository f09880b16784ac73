--- Building a program: what the author declares becomes columns, rows and entries, with the labels
--- that every answer uses. Errors CM4110 to CM4113.

local args = require "capmod.args"
local core = require "capmod.core"
local each = require "capmod.each"
local errors = require "capmod.errors"
local expression = require "capmod.program.expression"
local family = require "capmod.program.family"

local INF = math.huge
local build = {}

-- ---- columns ------------------------------------------------------------------------------------

local FIGURE = { "number", "table", "function", about = "a number, a table by element, a function" }
local VARIABLE = {
  name = { "string", required = true, about = "{ \"ship\", over = { \"plant\", \"market\" } }" },
  over = { "string", "list", about = "the sets of its indices" },
  where = { "function", about = "which combinations there are: function(i, j) return ... end" },
  lower = FIGURE, upper = FIGURE,
  free = { "boolean", about = "no lower bound; it is 0 otherwise" },
  integer = { "boolean" }, binary = { "boolean" }, unit = { "string" }, about = { "string" },
}

--- The fields of a declaration whose first places may stand without names.
function build.declared(given, places, what)
  args.one(given, "program", what, "table")
  local t = {}
  for key, value in each(given) do t[places[key] or key] = value end
  return t
end

local function refuse_twice(p, name)
  if p.family[name] or p.group[name] then
    family.refuse(("'%s' is declared twice"):format(name), "name", "give each its own name")
  end
end

--- One more column. CM4113 for a bound that is no number.
function build.column(p, label, lower, upper, integer)
  for _, bound in ipairs{ lower, upper } do
    if type(bound) ~= "number" or bound ~= bound then
      errors.raise(4113, { message = ("program: a bound of %s is a %s"):format(label,
        bound ~= bound and "not-a-number" or args.kind(bound)), object = label, field = "lower",
        fix = "bounds are numbers; math.huge is none" })
    end
  end
  local c, j = p.columns, #p.columns.label + 1
  c.label[j], c.lower[j], c.upper[j], c.integer[j] = label, lower, upper, integer or false
  return j
end

--- The columns of a family.
local function variables(p, given)
  local t = build.declared(given, { "name" }, "variable")
  local what = ("variable '%s'"):format(tostring(t.name))
  args.check(what, t, VARIABLE)
  refuse_twice(p, t.name)
  local record = { name = t.name, indices = family.indices(p.sets, t.over or {}, what), made = {},
    col = {}, whole = t.integer or t.binary, unit = t.unit, about = t.about, count = 0 }
  local lower = family.figures(t.lower or t.free and -INF or 0, record.indices, 1, what)
  local upper = family.figures(t.upper or t.binary and 1 or INF, record.indices, 1, what)
  family.walk(record.indices, {}, function(elements, offset)
    if t.where and not t.where(table.unpack(elements)) then return end
    local low = lower(elements) or t.free and -INF or 0
    local j = build.column(p, family.label(t.name, elements), low,
      upper(elements) or t.binary and 1 or INF, record.whole)
    record.col[offset], record.made[offset] = j, expression.column(j)
    record.count = record.count + 1
  end)
  build.add_family(p, record)
end

--- Makes a family known: to v, and to those who ask for its values.
function build.add_family(p, record)
  refuse_twice(p, record.name)
  p.family[record.name], p.families[#p.families + 1] = record, record
  p.handles[record.name] = family.handle(record)
end

-- ---- rows ---------------------------------------------------------------------------------------

local CONSTRAINT = {
  name = { "string", required = true, about = "{ \"supply\", function(v) ... end }" },
  rule = { "function", required = true, about = "function(v, i) return left, \"<=\", right end" },
  over = { "string", "list", about = "the sets of its indices" },
  where = { "function", about = "for which combinations it holds" },
  about = { "string" },
}

local function refuse_rule(label, message, fix)
  errors.raise(4113, { message = ("program: constraint %s %s"):format(label, message),
    object = label, field = "rule", fix = fix or 'return left, "<=", right' })
end

local function check_coefficient(p, what, col, x)
  if x == x and math.abs(x) < INF then return end
  errors.raise(4113, { message = ("program: %s has the coefficient %s for %s"):format(what,
    tostring(x), p.columns.label[col]), object = "program", field = what,
    fix = "coefficients are finite numbers" })
end

--- One row: low <= value <= high. CM4112, CM4113.
function build.row(p, label, value, low, high)
  local constant, cols, coefs = expression.terms(value, "constraint " .. label)
  for _, side in ipairs{ low, high, constant } do
    if side ~= side then
      refuse_rule(label, "has a side that is not-a-number", "look at its figures")
    end
  end
  local r, i = p.rows, #p.rows.label + 1
  r.label[i], r.lower[i], r.upper[i] = label, low - constant, high - constant
  local n = #p.entries.i
  for k, col in ipairs(cols) do
    check_coefficient(p, "constraint " .. label, col, coefs[k])
    p.entries.i[n + k], p.entries.j[n + k], p.entries.value[n + k] = i, col, coefs[k]
  end
  return i
end

local RELATIONS = { ["<="] = true, [">="] = true, ["=="] = true, ["="] = true }

local function known_relation(label, relation)
  if RELATIONS[relation] then return relation end
  refuse_rule(label, ("has the relation '%s'"):format(tostring(relation)),
    'relations are "<=", ">=" and "=="')
end

local function side(label, value, where)
  local kind = args.kind(value)
  if kind == "Family" or kind == "Expression" or kind == "number" then return value end
  refuse_rule(label, ("has a %s on its %s side"):format(kind, where), kind == "nil"
    and "a figure is missing: look at the names in its function"
    or "sides are made of numbers and variables")
end

--- left, "<=", right as a row.
local function simple(p, label, given)
  local relation = known_relation(label, given[2])
  local left, right = side(label, given[1], "left"), side(label, given[3], "right")
  if right == INF or right == -INF then -- a limit that is none
    local none = right == INF and relation == "<=" or right == -INF and relation == ">="
    if not none then refuse_rule(label, ("asks for %s %s"):format(relation, right)) end
    return build.row(p, label, left, -INF, INF)
  end
  local difference = expression.gather(function(add)
    add(left)
    add(right, -1)
  end)
  return build.row(p, label, difference, relation == "<=" and -INF or 0,
    relation == ">=" and INF or 0)
end

--- low, "<=", value, "<=", high as a row.
local function double(p, label, given)
  known_relation(label, given[2])
  local low, value, high = given[1], side(label, given[3], "middle"), given[5]
  if given[2] ~= given[4] or given[2]:find "^=" then
    refuse_rule(label, ("has the relations '%s' and '%s'"):format(given[2], tostring(given[4])),
      'return low, "<=", value, "<=", high')
  end
  if type(low) ~= "number" or type(high) ~= "number" then
    refuse_rule(label, "has a variable on an outer side", 'return 2, "<=", value, "<=", 5')
  end
  if given[2] == ">=" then low, high = high, low end
  return build.row(p, label, value, low, high)
end

--- The row that a rule returned.
function build.returned(p, label, ...)
  local given = table.pack(...)
  if given.n == 5 then return double(p, label, given) end
  if given.n == 3 then return simple(p, label, given) end
  local first = given[1]
  refuse_rule(label, given.n == 0 and "returns nothing"
    or type(first) == "boolean" and "returns true or false: Lua compared the two sides at once"
    or ("returns %d values"):format(given.n))
end

local function constraints(p, given)
  local t = build.declared(given, { "name", "rule" }, "constraint")
  local what = ("constraint '%s'"):format(tostring(t.name))
  args.check(what, t, CONSTRAINT)
  if p.group[t.name] then
    family.refuse(("constraint '%s' is declared twice"):format(t.name), "name", "rename one")
  end
  local group = { name = t.name, indices = family.indices(p.sets, t.over or {}, what), row = {},
    about = t.about, count = 0 }
  p.group[t.name], p.groups[#p.groups + 1] = group, group
  family.walk(group.indices, {}, function(elements, offset)
    if t.where and not t.where(table.unpack(elements)) then return end
    group.row[offset] = build.returned(p, family.label(t.name, elements),
      t.rule(p.v, table.unpack(elements)))
    group.count = group.count + 1
  end)
end

-- ---- the objective ------------------------------------------------------------------------------

local function objective(p, given)
  local parts = type(given) == "function" and { { p.sense == "minimise" and "cost" or "value",
    given } } or given
  for k, part in ipairs(parts) do
    local t = build.declared(part, { "name", "rule" }, "part of the objective")
    args.check(("part %d of the objective"):format(k), t, { name = CONSTRAINT.name,
      rule = { "function", required = true, about = "function(v) return ... end" } })
    local constant, cols, coefs = expression.terms(t.rule(p.v), "the objective")
    p.parts[k] = { name = t.name, constant = constant, cols = cols, coefs = coefs }
    p.constant = p.constant + constant
    for i, col in ipairs(cols) do
      check_coefficient(p, "the objective", col, coefs[i])
      p.columns.cost[col] = (p.columns.cost[col] or 0) + coefs[i]
    end
  end
  for j = 1, #p.columns.label do p.columns.cost[j] = p.columns.cost[j] or 0 end
end

--- What rules are given: v.ship. A name that is not declared is CM4111.
local function view_of(p)
  return setmetatable({}, { __name = "cm.Variables", __index = function(_, name)
    if p.handles[name] then return p.handles[name] end
    local known = {}
    for k, record in ipairs(p.families) do known[k] = record.name end
    errors.raise(4111, { message = ("program: no variable is named '%s'"):format(tostring(name)),
      object = p.name, field = tostring(name), fix = errors.did_you_mean(tostring(name), known,
        "the variables are " .. table.concat(known, ", ")) })
  end, __newindex = function(_, name)
    family.refuse("nothing can be set in v", tostring(name), "declare it in variables")
  end })
end

--- The engine's program; `relaxed` forgets that any is a whole number.
function build.core(p, relaxed)
  local c, r = p.columns, p.rows
  return core.program{ name = p.name, maximise = p.sense == "maximise", constant = p.constant,
    cols = c.label, rows = r.label, lower = c.lower, upper = c.upper, cost = c.cost,
    integer = not relaxed and c.integer or nil, row_lower = r.lower, row_upper = r.upper,
    i = p.entries.i, j = p.entries.j, value = p.entries.value }
end

--- Builds all; `piecewise` adds one declaration of that kind.
function build.all(p, given, piecewise)
  p.sets = family.sets(given.sets)
  p.family, p.families, p.group, p.groups, p.handles, p.parts = {}, {}, {}, {}, {}, {}
  p.columns = { label = {}, lower = {}, upper = {}, integer = {}, cost = {} }
  p.rows, p.entries = { label = {}, lower = {}, upper = {} }, { i = {}, j = {}, value = {} }
  p.constant, p.v = 0, view_of(p)
  for _, variable in ipairs(given.variables) do variables(p, variable) end
  for _, function_of in ipairs(given.piecewise or {}) do piecewise(p, function_of) end
  for _, constraint in ipairs(given.constraints or {}) do constraints(p, constraint) end
  objective(p, given[p.sense])
  p.core = build.core(p)
end

return build

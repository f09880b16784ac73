--- Verbs of frames that choose, order and extend rows and columns. Every one gives a new frame.

local args = require "capmod.args"
local each = require "capmod.each"
local errors = require "capmod.errors"
local store = require "capmod.frame.store"

local of = store.of
local verbs = { methods = {} }

-- ---- order --------------------------------------------------------------------------------------

local RANK = { number = 1, string = 2, boolean = 3, ["nil"] = 5 }

local function rank(v)
  if v ~= v then return 4 end -- NaN: after all that can be ordered
  return RANK[type(v)]
end

--- -1, 0 or 1; what is missing or NaN comes last whichever way the rest goes.
local function compare(a, b, descending)
  local ra, rb = rank(a), rank(b)
  if ra ~= rb then
    if (ra < rb) ~= (descending and ra < 4 and rb < 4) then return -1 end
    return 1
  end
  if ra >= 4 or a == b then return 0 end
  if ra == 3 then a, b = a and 1 or 0, b and 1 or 0 end
  return (a < b) ~= descending and -1 or 1
end

--- Row numbers in order of some columns; rows that are equal keep their order.
local function order_by(d, names, descending)
  local order, columns = {}, {}
  for k, name in ipairs(names) do columns[k] = { d.data[name], descending[name] or false } end
  for i = 1, d.n do order[i] = i end
  table.sort(order, function(i, j)
    for k = 1, #columns do
      local cells = columns[k][1]
      local c = compare(cells[i], cells[j], columns[k][2])
      if c ~= 0 then return c < 0 end
    end
    return i < j
  end)
  return order
end

--- The rows in order of a column: f:sort "value", or f:sort{ by = { "country", "value" },
--- descending = true } (or a list of those columns that fall). Equal rows keep their order; what is
--- missing comes last.
---@param by string|{ by: string|string[], descending: boolean|string[]|nil }
---@return cm.Frame
function verbs.methods:sort(by)
  local d = of(self)
  local t = type(by) == "table" and by or { by = by or store.main(d) }
  args.check("sort", t, { by = { "string", "list", required = true, about = "a column, or a list" },
    descending = { "boolean", "list" } })
  local names, descending = store.names_of(d, t.by), {}
  local falling = type(t.descending) == "table" and store.names_of(d, t.descending)
    or t.descending and names or {}
  for _, name in ipairs(falling) do descending[name] = true end
  local data, n = store.take(d, order_by(d, names, descending))
  return store.derive(d, { data = data, n = n, check = d.check })
end

--- The n rows with the largest numbers in a column (default: what the frame is about), largest
--- first.
---@param n integer
---@param name string?
---@return cm.Frame
function verbs.methods:top(n, name)
  local d = of(self)
  args.one(n, "top", "n", "integer")
  name = name or store.main(d)
  store.number_column(d, name)
  local order = order_by(d, { name }, { [name] = true })
  order = table.move(order, 1, math.max(0, math.min(n // 1, d.n)), 1, {})
  local data, count = store.take(d, order)
  return store.derive(d, { data = data, n = count })
end

-- ---- choice of rows -----------------------------------------------------------------------------

--- The countries that a wish stands for, among those of a column: "Germany", "EU27_2020 - DEU".
--- CM11xx where it is neither a country nor a selector.
local function chosen_countries(d, wish, present)
  local code = store.country_code(wish)
  if code then return { code } end
  local universe = {}
  for value in each(present) do universe[#universe + 1] = value end
  return require("capmod.codes").select(wish, { universe = universe, object = store.name(d) }).codes
end

--- The set of values that a wish stands for: one value, or a list of them. A country may be written
--- in any way that capmod knows; a value that stands in the column is taken as it is.
local function wanted_set(d, col, wish)
  local cells, present, set = d.data[col.name], {}, {}
  local is_country = col.kind == "country"
  for i = 1, is_country and d.n or 0 do
    if cells[i] ~= nil then present[cells[i]] = true end
  end
  for _, value in ipairs(type(wish) == "table" and wish or { wish }) do
    if is_country and type(value) == "string" and not present[value] then
      for _, code in ipairs(chosen_countries(d, value, present)) do set[code] = true end
    else
      set[value] = true
    end
  end
  return set
end

local function matcher(d, wishes)
  local tests = {}
  for name, wish in each(wishes) do
    local col, cells = store.column(d, name)
    tests[#tests + 1] = { cells, wanted_set(d, col, wish) }
  end
  return function(i)
    for k = 1, #tests do
      local v = tests[k][1][i]
      if v == nil or not tests[k][2][v] then return false end
    end
    return true
  end
end

--- The rows for which a function of the row is true, or whose cells are as named:
--- f:where(function(row) return row.value > 1 end), f:where{ country = { "DEU", "FRA" } }.
--- The row given to the function is a view that moves on; do not keep it.
---@param test fun(row: table): boolean|table<string, any>
---@return cm.Frame
function verbs.methods:where(test)
  local d = of(self)
  args.one(test, "where", "test", "function", "table")
  local keep
  if type(test) == "table" then
    keep = matcher(d, test)
  else
    local cursor, move = store.cursor(d)
    keep = function(i)
      move(i)
      return test(cursor)
    end
  end
  local order = {}
  for i = 1, d.n do
    if keep(i) then order[#order + 1] = i end
  end
  local data, n = store.take(d, order)
  return store.derive(d, { data = data, n = n })
end

-- ---- columns ------------------------------------------------------------------------------------

local CHANGES = {
  as = { "string", about = "its new name" }, label = { "string" },
  digits = { "integer", about = "decimals" },
  format = { "string", about = "percent, signed or mixed" },
}

--- Some columns, in the order named, renamed where asked:
--- f:select{ "country", { "value", as = "gdp", digits = 1 } }.
---@param wanted (string|table)[]
---@return cm.Frame
function verbs.methods:select(wanted)
  local d = of(self)
  args.one(wanted, "select", "columns", "list")
  local cols, data, renamed = {}, {}, {}
  for k, item in ipairs(wanted) do
    local changes = type(item) == "table" and store.column_with(item, {}) or { item }
    local name = table.remove(changes, 1)
    local col, cells = store.column(d, name)
    args.check(("select: column '%s'"):format(name), changes, CHANGES)
    local new_name = changes.as or name
    changes.as, changes.name = nil, new_name
    if data[new_name] then verbs.refuse_double(d, new_name) end
    cols[k], data[new_name] = store.column_with(col, changes), cells
    renamed[name] = renamed[name] or new_name
  end
  local keys = {}
  for _, key in ipairs(d.keys) do keys[#keys + 1] = renamed[key] end
  return store.derive(d, { cols = cols, data = data, keys = keys, check = d.check,
    bar = d.bar and (renamed[d.bar] or false) })
end

function verbs.refuse_double(d, name)
  errors.raise(1506, {
    message = ("%s would have two columns '%s'"):format(store.name(d), name),
    object = store.name(d), field = name,
    fix = ('rename one first: :select{ ..., { "%s", as = "..." } }'):format(name),
  })
end

local MADE = {
  kind = { "string" }, unit = { "string" }, digits = { "integer" }, format = { "string" },
  label = { "string" },
}

--- New or changed columns, each a function of the row:
--- f:map{ double = function(row) return 2 * row.value end }, or { function..., unit =, digits =,
--- format = }. New columns stand at the right, by name. The row is a view that moves on.
---@param made table<string, function|table>
---@return cm.Frame
function verbs.methods:map(made)
  local d = of(self)
  args.one(made, "map", "columns", "table")
  local cols, data = table.move(d.cols, 1, #d.cols, 1, {}), store.column_with(d.data, {})
  local cursor, move = store.cursor(d)
  for name, how in each(made) do
    local object = ("map: column '%s'"):format(tostring(name))
    local details = type(how) == "table" and store.column_with(how, {}) or { how }
    local make = args.one(table.remove(details, 1), object, "the first item", "callable")
    args.check(object, details, MADE)
    local cells, at = {}, #cols + 1
    for i = 1, d.n do
      move(i)
      cells[i] = make(cursor)
    end
    for k, col in ipairs(cols) do if col.name == name then at = k end end
    details.name = name
    cols[at] = cols[at] and store.column_with(cols[at], details) or details
    data[name] = cells
  end
  return store.derive(d, { cols = cols, data = data, check = d.check })
end

-- ---- two frames ---------------------------------------------------------------------------------

local function check_unit(d, e, name)
  store.same_unit(store.unit_of(d, (store.column(d, name))),
    store.unit_of(e, (store.column(e, name))), ("column '%s'"):format(name))
end

local function shared_keys(d, e)
  local by = {}
  for _, key in ipairs(d.keys) do
    if e.data[key] then by[#by + 1] = key end
  end
  if #by == 0 then
    errors.raise(1002, {
      message = "join needs the field 'by': the frames share no key column", object = "join",
      field = "by", fix = 'say by = { "country" }',
    })
  end
  return by
end

--- Row numbers of `e` by identity in `by`; CM1503 where two rows are the same.
local function unique_rows(e, by)
  local identity, at = store.identity(e, by), {}
  for i = 1, e.n do
    local id = identity(i)
    if at[id] then
      errors.raise(1503, {
        message = ("join: several rows of %s are '%s'"):format(store.name(e),
          store.label(e, by, i)),
        object = store.name(e), fix = "add them up first by :group{}, or join by more columns",
      })
    end
    at[id] = i
  end
  return at
end

--- For every row of the result its row in `d` and its row in `e` (0: none).
local function matched(d, e, by, how)
  local at, used = unique_rows(e, by), {}
  local left, right = {}, {}
  local identity = store.identity(d, by)
  for i = 1, d.n do
    local j = at[identity(i)]
    if j then used[j] = true end
    if j or how ~= "inner" then
      left[#left + 1], right[#right + 1] = i, j or 0
    end
  end
  for j = 1, how == "full" and e.n or 0 do
    if not used[j] then left[#left + 1], right[#right + 1] = 0, j end
  end
  return left, right
end

local function gather(cells, rows)
  local out = table.move(rows, 1, #rows, 1, {})
  for i = 1, #rows do out[i] = cells[rows[i]] end
  return out
end

--- The columns of another frame beside those of this one, matched by `by` (default: the keys that
--- both have). `how`: "left" keeps every row of this frame (default), "inner" those that both have,
--- "full" all. Errors: CM1503 where the other has two rows for one, CM1506 a column that both have,
--- CM14xx keys in different units.
---@param other cm.Frame
---@param t { by: string|string[]|nil, how: "left"|"inner"|"full"|nil }?
---@return cm.Frame
function verbs.methods:join(other, t)
  local d, e = of(self), of(args.one(other, "join", "other", "Frame"))
  t = args.check("join", t or {}, { by = { "string", "list" }, how = { "string" } })
  local how = args.choice(t.how or "left", "how", { "left", "inner", "full" }, "join")
  local by = store.names_of(e, store.names_of(d, t.by or shared_keys(d, e)))
  for _, name in ipairs(by) do check_unit(d, e, name) end
  local left, right = matched(d, e, by, how)
  local cols, data, is_by = table.move(d.cols, 1, #d.cols, 1, {}), {}, {}
  for _, col in ipairs(d.cols) do data[col.name] = gather(d.data[col.name], left) end
  for _, name in ipairs(by) do
    is_by[name] = true
    for i = 1, #left do
      if left[i] == 0 then data[name][i] = e.data[name][right[i]] end
    end
  end
  for _, col in ipairs(e.cols) do
    if not is_by[col.name] then
      if data[col.name] then verbs.refuse_double(d, col.name) end
      local unit = store.unit_of(e, col)
      cols[#cols + 1] = store.column_with(col, { unit = unit ~= d.unit and unit or nil })
      data[col.name] = gather(e.data[col.name], right)
    end
  end
  return store.derive(d, { cols = cols, data = data, n = #left })
end

--- The rows of another frame with the same columns under those of this one. CM1501 a column that
--- is missing there, CM1507 and CM14xx another unit.
---@param other cm.Frame
---@return cm.Frame
function verbs.methods:append(other)
  local d, e = of(self), of(args.one(other, "append", "other", "Frame"))
  store.names_of(d, store.column_names(e))
  local data = {}
  for _, col in ipairs(d.cols) do
    local _, cells = store.column(e, col.name)
    check_unit(d, e, col.name)
    data[col.name] = table.move(cells, 1, e.n, d.n + 1, table.move(d.data[col.name], 1, d.n, 1, {}))
  end
  return store.derive(d, { data = data, n = d.n + e.n })
end

return verbs

--- Verbs of frames that add up and turn: sum, group, pivot, unpivot.

local args = require "capmod.args"
local each = require "capmod.each"
local errors = require "capmod.errors"
local store = require "capmod.frame.store"
local text = require "capmod.text"
local verbs = require "capmod.frame.verbs"

local of = store.of
local shape = {}

--- The sum of a column (default: what the frame is about); missing cells count nothing.
---@param name string?
---@return number
function shape:sum(name)
  local d = of(self)
  local _, cells = store.number_column(d, name or store.main(d))
  return (store.sum(cells, d.n))
end

-- ---- group --------------------------------------------------------------------------------------

--- The rows of every group, in order of first appearance.
local function groups_of(d, by)
  local identity, groups, at = store.identity(d, by), {}, {}
  for i = 1, d.n do
    local id = identity(i)
    local g = at[id]
    if not g then
      g = #groups + 1
      at[id], groups[g] = g, {}
    end
    local rows = groups[g]
    rows[#rows + 1] = i
  end
  return groups
end

--- The columns that groups are told apart by, one row a group.
local function columns_by(d, by, groups)
  local cols, data = {}, {}
  for k, name in ipairs(by) do
    local cells = d.data[name]
    cols[k], data[name] = store.column(d, name), {}
    for g, rows in ipairs(groups) do data[name][g] = cells[rows[1]] end
  end
  return cols, data
end

local function extreme(better)
  return function(cells, n, rows)
    local best
    for k = 1, #rows do
      local v = cells[rows[k]]
      if v ~= nil and (best == nil or v ~= v or better(v, best)) then best = v end
    end
    return best, n
  end
end

--- What a column becomes in a group; nothing where the group has no number.
local WAYS = {
  sum = function(cells, n, rows)
    local total, count = store.sum(cells, n, rows)
    return count > 0 and total or nil
  end,
  mean = function(cells, n, rows)
    local total, count = store.sum(cells, n, rows)
    return count > 0 and total / count or nil
  end,
  min = extreme(function(a, b) return a < b end),
  max = extreme(function(a, b) return a > b end),
}

local function numbers_besides(d, by)
  local names, is_by = {}, {}
  for _, name in ipairs(by) do is_by[name] = true end
  for _, col in ipairs(d.cols) do
    if store.is_number(col) and not is_by[col.name] and not store.is_key(d, col.name) then
      names[#names + 1] = col.name
    end
  end
  return names
end

--- The columns wanted, as { way, column, new name }; a column asked for in two ways has the way in
--- its name.
local function wanted_columns(d, t, by)
  local list, count = {}, {}
  for way in each(WAYS) do
    for _, name in ipairs(t[way] and store.names_of(d, t[way]) or {}) do
      list[#list + 1] = { way, name }
    end
  end
  if #list == 0 and not t.count then
    for _, name in ipairs(numbers_besides(d, by)) do list[#list + 1] = { "sum", name } end
  end
  local place = {}
  for k, col in ipairs(d.cols) do place[col.name] = k end
  table.sort(list, function(a, b)
    if a[2] ~= b[2] then return place[a[2]] < place[b[2]] end
    return a[1] < b[1]
  end)
  for _, want in ipairs(list) do count[want[2]] = (count[want[2]] or 0) + 1 end
  for _, want in ipairs(list) do
    want[3] = count[want[2]] > 1 and ("%s %s"):format(want[1], want[2]) or want[2]
  end
  return list
end

--- One row for each group of rows that are equal in `by`, in order of first appearance:
--- f:group{ by = "continent", sum = { "value", "share" } }. Also mean, min and max; `count` names a
--- column for the number of rows. Without any of them all numbers are summed. Units are kept.
---@param t { by: string|string[], sum: string|string[]|nil, mean: string|string[]|nil,
---  min: string|string[]|nil, max: string|string[]|nil, count: string? }
---@return cm.Frame
function shape:group(t)
  local d = of(self)
  local names = { "string", "list" }
  args.check("group", t, {
    by = { "string", "list", required = true, about = "a column, or a list" },
    sum = names, mean = names, min = names, max = names, count = { "string" },
  })
  local by = store.names_of(d, t.by)
  local groups = groups_of(d, by)
  local cols, data = columns_by(d, by, groups)
  for _, want in ipairs(wanted_columns(d, t, by)) do
    local way, name, new_name = table.unpack(want)
    local col, cells = store.number_column(d, name)
    cols[#cols + 1] = store.column_with(col, { name = new_name })
    data[new_name] = {}
    for g, rows in ipairs(groups) do data[new_name][g] = WAYS[way](cells, d.n, rows) end
  end
  if t.count then
    cols[#cols + 1] = { name = t.count, digits = 0, unit = "1", label = t.count }
    data[t.count] = {}
    for g, rows in ipairs(groups) do data[t.count][g] = #rows end
  end
  return store.derive(d, { cols = cols, data = data, n = #groups, keys = by })
end

-- ---- pivot and back -----------------------------------------------------------------------------

local function header_of(value)
  return value == nil and "" or text.short(value)
end

--- The names that the cells of a column give to columns, in order of first appearance.
local function headers_of(d, name)
  local headers, at = {}, {}
  local cells = d.data[name]
  for i = 1, d.n do
    local header = header_of(cells[i])
    if not at[header] then
      headers[#headers + 1] = header
      at[header] = #headers
    end
  end
  return headers
end

local function refuse_same_place(d, by, names, i)
  local all = table.move(by, 1, #by, 1, {})
  all[#all + 1] = names
  errors.raise(1503, {
    message = ("%s: pivot has several values for %s"):format(store.name(d),
      store.label(d, all, i)),
    object = store.name(d),
    fix = ("add them up first: :group{ by = { \"%s\" } }"):format(table.concat(all, "\", \"")),
  })
end

--- Puts the values of each group under the header that its row names.
local function spread(d, t, groups, cells, data)
  local names, filled = d.data[t.cols], {}
  for g, rows in ipairs(groups) do
    for _, i in ipairs(rows) do
      local header = header_of(names[i])
      if filled[header] == g then refuse_same_place(d, t.by, t.cols, i) end
      filled[header], data[header][g] = g, cells[i]
    end
  end
end

--- A column for every value of the column `cols`, a row for every value of `rows`, both in order
--- of first appearance: f:pivot{ rows = "origin", cols = "destination", values = "value" }. What is
--- not there is `fill` (default: missing). CM1503 where two values fall in one place, CM1506 where
--- a new column would bear the name of a row column.
---@param t { rows: string|string[], cols: string, values: string?, fill: number? }
---@return cm.Frame
function shape:pivot(t)
  local d = of(self)
  args.check("pivot", t, { rows = { "string", "list", required = true }, values = { "string" },
    cols = { "string", required = true, about = "the column whose values become columns" },
    fill = { "number" } })
  local by = store.names_of(d, t.rows)
  local value_col, cells = store.column(d, t.values or store.main(d))
  store.column(d, t.cols)
  local groups, unit = groups_of(d, by), store.unit_of(d, value_col)
  local cols, data = columns_by(d, by, groups)
  local headers = headers_of(d, t.cols)
  for _, header in ipairs(headers) do
    if data[header] then verbs.refuse_double(d, header) end
    cols[#cols + 1] = store.column_with(value_col, { name = header, label = header,
      unit = unit ~= d.unit and unit or nil })
    data[header] = {}
  end
  spread(d, { by = by, cols = t.cols }, groups, cells, data)
  for _, header in ipairs(t.fill and headers or {}) do
    for g = 1, #groups do
      if data[header][g] == nil then data[header][g] = t.fill end
    end
  end
  return store.derive(d, { cols = cols, data = data, n = #groups, keys = by, bar = false })
end

--- The one unit of several columns; CM1507 and CM14xx where they have more.
local function common_unit(d, names)
  local unit
  for k, name in ipairs(names) do
    local mine = store.unit_of(d, (store.number_column(d, name)))
    if k > 1 then store.same_unit(unit, mine, ("columns '%s' and '%s'"):format(names[1], name)) end
    unit = unit or mine
  end
  return unit
end

--- The cells of the columns `turned`, row by row: the row of each, its column's name, the value.
local function unrolled(d, turned)
  local order, which, values = {}, {}, {}
  for i = 1, d.n do
    for _, name in ipairs(turned) do
      local v = d.data[name][i]
      if v ~= nil then
        order[#order + 1], which[#which + 1], values[#values + 1] = i, name, v
      end
    end
  end
  return order, which, values
end

--- The way back: one row for each cell of some columns (default: all numbers that are no keys).
--- The column `names` holds which it was, `values` what stood there; missing cells are left out.
--- CM1507 and CM14xx where the columns have different units.
---@param t { names: string, values: string?, cols: string[]? }
---@return cm.Frame
function shape:unpivot(t)
  local d = of(self)
  args.check("unpivot", t, { names = { "string", required = true, about = "the column of names" },
    values = { "string" }, cols = { "list" } })
  local turned = t.cols and store.names_of(d, t.cols) or numbers_besides(d, {})
  local unit = common_unit(d, turned)
  local order, which, values = unrolled(d, turned)
  local is_turned, cols, data = {}, {}, store.take(d, order)
  for _, name in ipairs(turned) do is_turned[name] = true end
  for _, col in ipairs(d.cols) do
    if not is_turned[col.name] then cols[#cols + 1] = col else data[col.name] = nil end
  end
  local first = turned[1] and store.column(d, turned[1]) or {}
  for name, cells in each{ [t.names] = which, [t.values or "value"] = values } do
    if data[name] then verbs.refuse_double(d, name) end
    data[name] = cells
  end
  cols[#cols + 1] = { name = t.names }
  cols[#cols + 1] = { name = t.values or "value", digits = first.digits, format = first.format,
    unit = unit ~= d.unit and unit or nil }
  local keys = table.move(d.keys, 1, #d.keys, 1, {})
  keys[#keys + 1] = t.names
  return store.derive(d, { cols = cols, data = data, n = #order, keys = keys, bar = false })
end

return shape

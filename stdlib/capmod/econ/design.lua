--- What a regression is made of: columns of a frame as matrices, the rows that can be used, and the
--- groups of effects and clusters. Internal to cm.econ.

local core = require "capmod.core"
local errors = require "capmod.errors"
local store = require "capmod.frame.store"

local design = {}

local SHOWN = 5 -- labels of rows that a note names

--- A name, or a list of them, as a list.
---@return string[]
function design.list(names)
  if names == nil then return {} end
  return type(names) == "table" and table.move(names, 1, #names, 1, {}) or { names }
end

--- Columns of numbers that a regression uses, each once; true and false count as 1 and 0.
local function check_columns(d, object, names)
  local seen = {}
  for _, name in ipairs(names) do
    local col = store.column(d, name)
    if col.kind ~= "boolean" then store.number_column(d, name) end
    if seen[name] then
      errors.raise(2410, { message = ("%s: '%s' is named twice"):format(object, name),
        object = object, field = name, fix = "name each column once among y, x, endogenous and "
          .. "instruments; the exogenous x are instruments anyway" })
    end
    seen[name] = true
  end
end

local function label(d, i)
  return #d.keys > 0 and store.label(d, d.keys, i) or ("row %d"):format(i)
end

local function refuse_infinite(object, d, name, i)
  errors.raise(2411, { message = ("%s: '%s' is infinite at %s"):format(object, name, label(d, i)),
    object = object, field = name, row = i,
    fix = "see where the logarithm of 0 or the division by it comes from; leave the row out by "
      .. ":where{}, or the cell empty" })
end

--- The rows whose cells are all there, and those that are not: { row, column that is missing }.
local function split_rows(d, object, numbers, labels)
  local kept, left = {}, {}
  for i = 1, d.n do
    local missing
    for _, name in ipairs(numbers) do
      local v = d.data[name][i]
      if v == nil or v ~= v then missing = missing or name
      elseif v == math.huge or v == -math.huge then refuse_infinite(object, d, name, i) end
    end
    for _, name in ipairs(labels) do
      local v = d.data[name][i]
      if v == nil or v ~= v then missing = missing or name end
    end
    if missing then left[#left + 1] = { row = i, why = missing } else kept[#kept + 1] = i end
  end
  return kept, left
end

--- Group numbers of the rows by a column, in order of appearance, and the values behind them.
local function groups_of(d, name, rows)
  local cells, number, list, values = d.data[name], {}, {}, {}
  for k, i in ipairs(rows) do
    local v = cells[i]
    if not number[v] then
      values[#values + 1] = v
      number[v] = #values
    end
    list[k] = number[v]
  end
  return list, values
end

--- Takes the groups of effects out whose y is 0 throughout (their effect is minus infinity), and
--- again, until none is left. CM2413 where a y is negative.
local function drop_empty(d, object, y, effects, rows, left)
  local cells, again = d.data[y], true
  for _, i in ipairs(rows) do
    if type(cells[i]) == "number" and cells[i] < 0 then
      errors.raise(2413, { message = ("%s: '%s' is %s at %s"):format(object, y,
        tostring(cells[i]), label(d, i)), object = object, field = y, row = i,
        fix = "Poisson regression is for flows of 0 and above" })
    end
  end
  while again do
    again = false
    for _, name in ipairs(effects) do
      local sums = {}
      for _, i in ipairs(rows) do
        local g = d.data[name][i]
        sums[g] = (sums[g] or 0) + (tonumber(cells[i]) or (cells[i] and 1 or 0))
      end
      local kept = {}
      for _, i in ipairs(rows) do
        if sums[d.data[name][i]] > 0 then kept[#kept + 1] = i
        else left[#left + 1] = { row = i, why = name, empty = true } end
      end
      again = again or #kept < #rows
      rows = kept
    end
  end
  return rows
end

--- One column a list of cells at `rows`; nil names the constant.
local function column(d, name, rows)
  local cells, out = d.data[name], {}
  for k, i in ipairs(rows) do
    local v = cells[i]
    if v == true then v = 1 elseif v == false then v = 0 end
    out[k] = v
  end
  return out
end

local function constant(n)
  local out = {}
  for k = 1, n do out[k] = 1 end
  return out
end

--- Columns beside each other as a Matrix, rows x names, the columns labelled.
local function matrix(d, names, rows, with_constant)
  local labels, lists = {}, {}
  if with_constant then labels[1], lists[1] = design.CONSTANT, constant(#rows) end
  for _, name in ipairs(names) do
    labels[#labels + 1], lists[#lists + 1] = name, column(d, name, rows)
  end
  if #lists == 0 then return core.matrix(#rows, 0) end
  return core.matrix_from(lists):T():label{ cols = labels }
end

design.CONSTANT = "(constant)"

--- "3 rows left out for missing cells (school 2, open 1): row 4, row 7, row 9".
local function say_left(d, left, empty)
  local counts, order, names, n = {}, {}, {}, 0
  for _, one in ipairs(left) do
    if (one.empty or false) == empty then
      n = n + 1
      if not counts[one.why] then order[#order + 1] = one.why end
      counts[one.why] = (counts[one.why] or 0) + 1
      if n <= SHOWN then names[n] = label(d, one.row) end
    end
  end
  if n == 0 then return nil end
  for k, why in ipairs(order) do order[k] = ("%s %d"):format(why, counts[why]) end
  return ("%d of %d rows left out %s (%s): %s%s"):format(n, d.n,
    empty and "where y is 0 throughout" or "for missing cells", table.concat(order, ", "),
    table.concat(names, ", "), n > SHOWN and ", ..." or "")
end

---@class cm.Design
---@field y capmod.Matrix
---@field x capmod.Matrix     constant (where there is one), x, endogenous
---@field z capmod.Matrix?    constant, x, instruments
---@field effects integer[][]
---@field cluster integer[]?
---@field clusters integer
---@field rows integer[]      of the frame
---@field notes string[]

--- The design that a specification asks for. CM1501, CM1508, CM2410-CM2413, CM2402.
---@param spec table
---@param object string
---@param poisson boolean
---@return cm.Design
function design.of(spec, object, poisson)
  local d = store.of(spec.data)
  local x, endogenous = design.list(spec.x), design.list(spec.endogenous)
  local instruments, effects = design.list(spec.instruments), design.list(spec.effects)
  local numbers = { spec.y }
  for _, names in ipairs{ x, endogenous, instruments } do
    table.move(names, 1, #names, #numbers + 1, numbers)
  end
  check_columns(d, object, numbers)
  local labels = table.move(effects, 1, #effects, 1, {})
  labels[#labels + 1] = spec.cluster
  for _, name in ipairs(labels) do store.column(d, name) end
  local rows, left = split_rows(d, object, numbers, labels)
  if poisson then rows = drop_empty(d, object, spec.y, effects, rows, left) end
  if #rows == 0 then
    errors.raise(2402, { message = ("%s: none of %d rows can be used"):format(object, d.n),
      object = object, fix = say_left(d, left, false) or say_left(d, left, true) })
  end
  local with_constant = spec.constant ~= false and #effects == 0
  local regressors = table.move(endogenous, 1, #endogenous, #x + 1, table.move(x, 1, #x, 1, {}))
  local made = { y = matrix(d, { spec.y }, rows), rows = rows, left = left, effects = {},
    x = matrix(d, regressors, rows, with_constant), constant = with_constant, notes = {} }
  if #endogenous > 0 then
    made.z = matrix(d, table.move(instruments, 1, #instruments, #x + 1,
      table.move(x, 1, #x, 1, {})), rows, with_constant)
  end
  for k, name in ipairs(effects) do made.effects[k] = groups_of(d, name, rows) end
  if spec.cluster then
    local values
    made.cluster, values = groups_of(d, spec.cluster, rows)
    made.clusters = #values
  end
  made.notes[1] = say_left(d, left, false)
  made.notes[#made.notes + 1] = say_left(d, left, true)
  return made
end

return design

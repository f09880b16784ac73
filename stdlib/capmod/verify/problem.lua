--- The problem of a certificate as its lines state it, and what a choice comes to. Written from the
--- definition (docs/placing.md, certificates), so that it shares nothing with what solves.

local problem = {}

---@class cm.verify.Problem
---@field compounding boolean
---@field sign integer  1 to minimise, -1 to maximise
---@field places string[]
---@field operators string[]
---@field stages table[]      name, first and last option, sum, sigma, inputs (arcs), used
---@field options table[]     stage, place, operator, label, cost, needs, adds
---@field matrices table      places and operators: lists of matrices by rows
---@field arcs table[]
---@field joins integer[][]
---@field ties table[]        the two stages, and the matrix of the pairs of places that are barred
---@field facilities table[]
---@field measures table[]    name, weight, lower, upper; the first is the objective

-- ---- fields of lines ----------------------------------------------------------------------------

--- Raises what is wrong with a line; the reader of the file adds the number of the line.
local function wrong(text, ...)
  error({ wrong = select("#", ...) > 0 and text:format(...) or text }, 0)
end

local function number(value, what)
  if value == "Inf" then return math.huge end
  if value == "-Inf" then return -math.huge end
  if type(value) ~= "number" then wrong("%s is no number", what) end
  return value
end

local function finite(value, what)
  value = number(value, what)
  if value ~= value or math.abs(value) == math.huge then wrong("%s is not finite", what) end
  return value
end

local function index(value, limit, what)
  if math.type(value) ~= "integer" or value < 1 or value > limit then
    wrong("%s is none of 1 to %d", what, limit)
  end
  return value
end

local function list(value, what)
  if type(value) ~= "table" then wrong("%s is no list", what) end
  return value
end

problem.wrong, problem.number, problem.finite = wrong, number, finite
problem.index, problem.list = index, list

--- Pairs (index, number) in a flat list.
local function pairs_of(value, limit, what)
  local flat = list(value or {}, what)
  if #flat % 2 == 1 then wrong("%s has an odd length", what) end
  for k = 1, #flat, 2 do
    index(flat[k], limit, what)
    finite(flat[k + 1], what)
  end
  return flat
end

-- ---- reading ------------------------------------------------------------------------------------

local SUMS = { sum = true, cobb_douglas = true, ces = true }
local readers = {}

function readers.stage(q, line)
  local s, first = { name = tostring(line.name), sum = line.sum or "sum" }, #q.options + 1
  if not SUMS[s.sum] then wrong("there is no sum '%s'", tostring(s.sum)) end
  s.sigma, s.first, s.inputs = finite(line.sigma or 0, "sigma"), first, {}
  q.stages[#q.stages + 1] = s
  for k, option in ipairs(list(line.options, "options")) do
    list(option, "an option")
    q.options[first + k - 1] = { stage = #q.stages, label = tostring(option.label),
      place = index(option.place, #q.places, "place"),
      operator = index(option.operator, #q.operators, "operator"),
      cost = finite(option.cost, "cost"), needs = option.needs, adds = option.adds }
  end
  s.last = #q.options
  if s.last < first then wrong("stage '%s' has no options", s.name) end
end

function readers.matrix(q, line)
  local over = line.over
  if over ~= "places" and over ~= "operators" then wrong("a matrix over nothing") end
  local m, n = {}, #q[over]
  if #list(line.rows, "rows") ~= n * n then wrong("a matrix of another size") end
  for k, x in ipairs(line.rows) do
    m[k] = number(x, "a cell")
    if m[k] ~= m[k] or m[k] == -math.huge then wrong("a cell is no number") end
  end
  table.insert(q.matrices[over], m)
end

function readers.arc(q, line)
  local function matrix(value, over)
    if value == nil then return nil end
    return q.matrices[over][index(value, #q.matrices[over], "matrix")]
  end
  local arc = { from = index(line.from, #q.stages, "stage"),
    to = index(line.to, #q.stages, "stage"),
    quantity = finite(line.quantity, "quantity"), weight = finite(line.weight or 0, "weight"),
    add = matrix(line.add, "places"), times = matrix(line.times, "places"),
    interface = matrix(line.interface, "operators") }
  if arc.quantity <= 0 then wrong("a quantity that is not above 0") end
  if arc.from == arc.to then wrong("an arc leads to where it begins") end
  q.arcs[#q.arcs + 1] = arc
  q.stages[arc.from].used = true
  table.insert(q.stages[arc.to].inputs, arc)
end

function readers.join(q, line)
  local one = list(line.stages, "stages")
  q.joins[#q.joins + 1] = { index(one[1], #q.stages, "stage"), index(one[2], #q.stages, "stage") }
end

function readers.tie(q, line)
  local one = list(line.stages, "stages")
  local tie = { index(one[1], #q.stages, "stage"), index(one[2], #q.stages, "stage"),
    pairs = q.matrices.places[index(line.pairs, #q.matrices.places, "matrix")] }
  if tie[1] == tie[2] then wrong("a tie binds a stage to itself") end
  for _, x in ipairs(tie.pairs) do
    if x ~= 0 and x ~= math.huge then wrong("a tie has a pair that costs something") end
  end
  q.ties[#q.ties + 1] = tie
end

function readers.facility(q, line)
  local f = { name = tostring(line.name), fixed = finite(line.fixed, "fixed"), adds = line.adds,
    capacity = number(line.capacity or math.huge, "capacity"), points = {} }
  if line.parent then f.parent = index(line.parent, #q.facilities, "parent") end
  if f.fixed < 0 or f.capacity ~= f.capacity or f.capacity < 0 then wrong("a facility below 0") end
  local points, slope = list(line.points or {}, "points"), math.huge
  local v, c = 0, 0
  for k = 1, #points, 2 do
    local volume, cost = finite(points[k], "a volume"), finite(points[k + 1], "a cost")
    local next = (cost - c) / (volume - v)
    if not (volume > v and next >= 0 and next <= slope + 1e-12 * math.abs(slope)) then
      wrong("costs of '%s' are not concave in volume", f.name)
    end
    f.points[#f.points + 1] = { volume, cost }
    v, c, slope = volume, cost, next
  end
  q.facilities[#q.facilities + 1] = f
end

function readers.measure(q, line)
  local m = { name = tostring(line.name), weight = finite(line.weight or 0, "weight"),
    lower = number(line.lower or -math.huge, "lower"),
    upper = number(line.upper or math.huge, "upper") }
  local w = m.weight
  if #q.measures == 0 then m.lower, m.upper, w = -math.huge, math.huge, w * q.sign end
  if #q.measures == 0 and w < 0 or w < 0 and m.upper < math.huge
    or #q.measures > 0 and w > 0 and m.lower > -math.huge then
    wrong("'%s' would gain from a higher cost", m.name)
  end
  q.measures[#q.measures + 1] = m
end

--- The problem of a certificate, empty; its lines come by problem.add.
---@param head table
---@return cm.verify.Problem
function problem.new(head)
  if head.sense ~= "minimise" and head.sense ~= "maximise" then wrong("there is no sense") end
  return { name = tostring(head.name), compounding = head.compounding == true,
    sign = head.sense == "maximise" and -1 or 1, stages = {}, options = {}, arcs = {}, joins = {},
    ties = {},
    places = list(head.places, "places"), operators = list(head.operators, "operators"),
    matrices = { places = {}, operators = {} }, facilities = {}, measures = {} }
end

--- Takes in a line; false where it is not one of a problem.
function problem.add(q, line)
  local read = readers[line.is]
  if read then read(q, line) end
  return read ~= nil
end

--- Stages in an order in which inputs come first; nil where they use each other in a circle.
local function order_of(q)
  local waits, order, users = {}, {}, {}
  for s, one in ipairs(q.stages) do
    waits[s] = #one.inputs
    if waits[s] == 0 then order[#order + 1] = s end
  end
  for _, arc in ipairs(q.arcs) do
    users[arc.from] = users[arc.from] or {}
    table.insert(users[arc.from], arc.to)
  end
  for _, s in ipairs(order) do -- grows as it goes
    for _, t in ipairs(users[s] or {}) do
      waits[t] = waits[t] - 1
      if waits[t] == 0 then order[#order + 1] = t end
    end
  end
  return #order == #q.stages and order or nil
end

--- Pairs with the same index added up to one.
local function merged(flat)
  local sums, at = {}, {}
  for k = 1, #flat, 2 do
    local j = at[flat[k]]
    if j then
      sums[j] = sums[j] + flat[k + 1]
    else
      sums[#sums + 1], sums[#sums + 2] = flat[k], flat[k + 1]
      at[flat[k]] = #sums
    end
  end
  return sums
end

--- Checks what needs the whole problem.
function problem.close(q)
  if #q.measures == 0 then wrong("there is no objective") end
  if #q.stages == 0 then wrong("there is no stage") end
  for _, option in ipairs(q.options) do
    option.needs = merged(pairs_of(option.needs, #q.facilities, "needs"))
    option.adds = merged(pairs_of(option.adds, #q.measures, "adds"))
    for k = 2, #option.needs, 2 do
      if option.needs[k] < 0 then wrong("a need below 0") end
    end
    if q.compounding and option.cost < 0 then wrong("a cost below 0 where value compounds") end
  end
  for _, f in ipairs(q.facilities) do f.adds = pairs_of(f.adds, #q.measures, "adds") end
  q.order = order_of(q)
  if q.compounding and not q.order then wrong("stages use each other in a circle") end
  if not q.compounding and #q.ties > 0 then wrong("a tie where costs add up, which an arc says") end
  for _, arc in ipairs(q.compounding and {} or q.arcs) do
    if arc.times then wrong("ad valorem costs that do not compound") end
  end
end

-- ---- what a choice comes to ---------------------------------------------------------------------

--- The cost of a facility that is open, at a volume.
---@param f table
---@param volume number
---@return number
function problem.facility_cost(f, volume)
  local v0, c0, v1, c1 = 0, 0, 1, 0
  for k, point in ipairs(f.points) do
    if k > 1 then v0, c0 = v1, c1 end
    v1, c1 = point[1], point[2]
    if volume <= v1 then break end
  end
  return f.fixed + c0 + (c1 - c0) * (volume - v0) / (v1 - v0)
end

local function at(matrix, n, from, to, without)
  return matrix and matrix[(from - 1) * n + to] or without
end

--- Whether a tie bars the options at its ends.
---@return boolean
function problem.is_barred(q, tie, one, other)
  return at(tie.pairs, #q.places, q.options[one].place, q.options[other].place, 0) > 0
end

--- What arrives over an arc for one unit of its user, the input worth `value`.
---@param q cm.verify.Problem
---@return number
function problem.arrives(q, arc, value, place, operator, to_place, to_operator)
  local sum = at(arc.add, #q.places, place, to_place, 0)
  if q.compounding then sum = sum + at(arc.times, #q.places, place, to_place, 1) * value end
  return arc.quantity * sum + at(arc.interface, #q.operators, operator, to_operator, 0)
end

--- The aggregate of a stage's own cost and what arrives, weighted.
---@param s table
---@param own number
---@param arrived number[]  by input
---@return number
function problem.aggregate(s, own, arrived)
  local total = own
  if s.sum == "sum" then
    for _, x in ipairs(arrived) do total = total + x end
    return total
  end
  local power, rest, sum = s.sum == "ces" and 1 - s.sigma or 0, 1, 0
  local function part(w, x)
    if w == 0 then return 0 end
    return power == 0 and w * math.log(x) or w * x ^ power
  end
  for k, arc in ipairs(s.inputs) do
    if arrived[k] == math.huge then return math.huge end
    rest, sum = rest - arc.weight, sum + part(arc.weight, arrived[k])
  end
  sum = sum + part(math.max(0, rest), own)
  return power == 0 and math.exp(sum) or sum ^ (1 / power)
end

local function cost_of_chain(q, choice)
  local total, value = 0, {}
  local function end_of(s) return q.options[choice[s]].place, q.options[choice[s]].operator end
  for _, s in ipairs(q.compounding and q.order or {}) do
    local one, arrived = q.stages[s], {}
    local place, operator = end_of(s)
    for k, arc in ipairs(one.inputs) do
      local from, by = end_of(arc.from)
      arrived[k] = problem.arrives(q, arc, value[arc.from], from, by, place, operator)
    end
    value[s] = problem.aggregate(one, q.options[choice[s]].cost, arrived)
    if not one.used then total = total + value[s] end
  end
  if q.compounding then return total end
  for _, o in ipairs(choice) do total = total + q.options[o].cost end
  for _, arc in ipairs(q.arcs) do
    local from, by = end_of(arc.from)
    total = total + problem.arrives(q, arc, 0, from, by, end_of(arc.to))
  end
  return total
end

--- What a choice of one option a stage comes to: objective, and what it misses as { what, by }.
---@param q cm.verify.Problem
---@param choice integer[]
---@return number objective, table[] missed
function problem.evaluate(q, choice)
  local missed, volume, measure = {}, {}, {}
  local function miss(by, ...)
    if by ~= by or by > 1e-7 then missed[#missed + 1] = { (...):format(select(2, ...)), by } end
  end
  local cost = cost_of_chain(q, choice)
  if cost ~= cost or math.abs(cost) == math.huge then
    miss(math.huge, "trade between two places is barred")
  end
  for _, o in ipairs(choice) do
    local needs = q.options[o].needs
    for k = 1, #needs, 2 do volume[needs[k]] = (volume[needs[k]] or 0) + needs[k + 1] end
  end
  for k = 1, #q.measures do measure[k] = 0 end
  local function add(adds)
    for k = 1, #adds, 2 do measure[adds[k]] = measure[adds[k]] + adds[k + 1] end
  end
  for f = #q.facilities, 1, -1 do
    local one = q.facilities[f]
    if volume[f] then
      if one.parent then volume[one.parent] = volume[one.parent] or 0 end
      miss(volume[f] - one.capacity, "the capacity of %s", one.name)
      cost = cost + problem.facility_cost(one, volume[f])
      add(one.adds)
    end
  end
  for _, o in ipairs(choice) do add(q.options[o].adds) end
  for _, join in ipairs(q.joins) do
    local a, b = q.options[choice[join[1]]], q.options[choice[join[2]]]
    if a.place ~= b.place then
      miss(1, "'%s' and '%s' are parted", q.stages[join[1]].name, q.stages[join[2]].name)
    end
  end
  for _, tie in ipairs(q.ties) do
    if problem.is_barred(q, tie, choice[tie[1]], choice[tie[2]]) then
      miss(math.huge, "the places of '%s' and '%s' do not go together", q.stages[tie[1]].name,
        q.stages[tie[2]].name)
    end
  end
  for k, m in ipairs(q.measures) do
    if m.weight ~= 0 then measure[k] = measure[k] + m.weight * cost end
    miss(math.max(m.lower - measure[k], measure[k] - m.upper), "the rule '%s'", m.name)
  end
  return measure[1], missed
end

return problem

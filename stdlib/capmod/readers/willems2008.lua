--- Chains as Willems (2008) published 38 real ones: two lines of headings, then a line for each arc
--- (from, to) or stage (name, kind, cost in USD, time in days, demand at the last stages). Columns
--- are found by their headings; which there are differs from file to file. No place is in the
--- file, so all stages are at "(not stated)"; the kind of a stage (Part, Manuf, Trans, Dist,
--- Retail) stands as its sector. A time that is given as a distribution only counts with its mean.

local core = require "capmod.core"
local errors = require "capmod.errors"
local layout = require "capmod.read.layout"

local STAGE = "/stages/stage/@"

local NEEDED = {
  from = "/arcs/arc/@from", to = "/arcs/arc/@to", name = STAGE .. "stageName",
  cost = STAGE .. "stageCost", time = STAGE .. "stageTime",
}
local USEFUL = {
  kind = STAGE .. "stageClassification", demand = STAGE .. "avgDemand",
}
local ORDER = { "from", "to", "name", "cost", "time" }

local function trimmed(field) return field and field:match "^%s*(.-)%s*$" or "" end

--- Where the columns are: { from = 6, ... }, and those of the distribution of times as pairs.
local function columns_of(path, heads)
  local at, columns, chances = {}, {}, {}
  for k, head in ipairs(heads) do at[trimmed(head)] = k end
  for _, name in ipairs(ORDER) do
    columns[name] = at[NEEDED[name]]
      or layout.wrong(path, 2, 0, ("no column is headed '%s'"):format(NEEDED[name]))
  end
  for name, head in require "capmod.each"(USEFUL) do columns[name] = at[head] end
  local k = 1
  while at[("%sStageTime_%d_p"):format(STAGE, k)] do
    chances[k] = { at[("%sStageTime_%d_p"):format(STAGE, k)],
      at[("%sStageTime_%d_v"):format(STAGE, k)] }
    k = k + 1
  end
  return columns, chances
end

--- A field that must be a number from 0 on; nil where it is blank.
local function number(file, row, col)
  local field = trimmed(col and file.lines[row][col])
  if field == "" then return nil end
  local x = tonumber(field)
  if not x or x ~= x or x < 0 or x == math.huge then
    layout.wrong(file.path, row, col, ("'%s' where a number from 0 on is expected"):format(field))
  end
  return x
end

--- The mean of a stage's time where only its distribution is given.
local function mean_time(file, row)
  local chance, mean = 0, 0
  for _, pair in ipairs(file.chances) do
    local p, v = number(file, row, pair[1]), number(file, row, pair[2])
    if p and v then chance, mean = chance + p, mean + p * v end
  end
  if math.abs(chance - 1) <= 1e-6 then return mean end
  layout.wrong(file.path, row, file.columns.time, "a stage without a time")
end

local function add_stage(file, row, name)
  local columns = file.columns
  if file.place[name] then
    layout.wrong(file.path, row, columns.name, ("stage '%s' comes a second time"):format(name))
  end
  local kind = trimmed(columns.kind and file.lines[row][columns.kind])
  file.stages[#file.stages + 1] = {
    name, at = "(not stated)", uses = {}, sector = kind ~= "" and kind or nil,
    adds = number(file, row, columns.cost)
      or layout.wrong(file.path, row, columns.cost, "a stage without a cost"),
    lead_time = number(file, row, columns.time) or mean_time(file, row),
    demand = number(file, row, columns.demand),
  }
  file.place[name] = file.stages[#file.stages]
end

local function add_arc(file, row, from, to)
  local columns = file.columns
  if from == "" or to == "" then
    layout.wrong(file.path, row, from == "" and columns.from or columns.to,
      "an arc with one end only")
  end
  file.arcs[#file.arcs + 1] = { from, to, row }
end

local function read_line(file, row)
  local line, columns = file.lines[row], file.columns
  local name = trimmed(line[columns.name])
  local from, to = trimmed(line[columns.from]), trimmed(line[columns.to])
  if name ~= "" and (from ~= "" or to ~= "") then
    layout.wrong(file.path, row, columns.name, "a line is an arc or a stage, not both")
  elseif name ~= "" then
    add_stage(file, row, name)
  elseif from ~= "" or to ~= "" then
    add_arc(file, row, from, to)
  elseif table.concat(line):find "%S" then
    layout.wrong(file.path, row, columns.name, "a line that is neither an arc nor a stage")
  end
end

local function link(file)
  local columns = file.columns
  for _, arc in ipairs(file.arcs) do
    local from, to, row = arc[1], arc[2], arc[3]
    if not file.place[from] or not file.place[to] then
      local known = file.place[from] and to or from
      layout.wrong(file.path, row, file.place[from] and columns.to or columns.from,
        ("no line describes the stage '%s'"):format(known))
    end
    local uses = file.place[to].uses
    if uses[from] then
      layout.wrong(file.path, row, columns.from,
        ("the arc from '%s' to '%s' comes a second time"):format(from, to))
    end
    uses[from] = 1
  end
end

local function read(path, options)
  local lines = core.peek(path, math.maxinteger)
  if not lines[2] then layout.wrong(path, 1, 0, "two lines of headings are expected") end
  local file = { path = path, lines = lines, stages = {}, arcs = {}, place = {} }
  file.columns, file.chances = columns_of(path, lines[2])
  for row = 3, #lines do read_line(file, row) end
  link(file)
  if #file.stages == 0 then layout.wrong(path, 3, 0, "no line describes a stage") end
  return { name = options.name, unit = "USD", stages = file.stages,
    about = "the product is what the last stages deliver, in the quantities of avgDemand" }
end

return {
  name = "willems2008",
  makes = "chain",
  about = "a supply chain in the csv layout of Willems (2008): arcs, then stages",
  cite = "Willems (2008), Data Set - Real-World Multiechelon Supply Chains Used for Inventory "
    .. "Optimization, Manufacturing & Service Operations Management 10(1), 19-23",
  recognise = function(peek)
    local heads = peek[2] and table.concat(peek[2], "\n") or ""
    return trimmed(peek[1] and peek[1][1]):find "/chain$" ~= nil
      or heads:find(NEEDED.from, 1, true) ~= nil or heads:find(NEEDED.name, 1, true) ~= nil
  end,
  read = function(path, options)
    local ok, parts = pcall(read, path, options)
    if ok then return parts end
    if errors.is(parts, 5103) then
      parts.fix = "compare the line with its neighbours; the layout is that of Willems (2008)"
    end
    error(parts, 0)
  end,
}

--- capmod run scripts/data/make_world.lua TABLE FILE: makes the table that ships as
--- cm.data.world out of the Long-run WIOD's table of 2000 (26 countries, 23 sectors).
---
--- Flows are added up to 14 regions and 12 sectors and rounded to USD million. Output is the sum
--- of the rounded row and value added what the rounded column leaves, so the table balances
--- exactly. FILE has the layout of TABLE and is read by the same reader.

local cm = require "capmod"

local source, target = ...

local regions = { "CHN", "USA", "JPN", "KOR", "DEU", "TWN", "GBR", "FRA", "ITA", "CAN", "BRA",
  "IND", "MEX", { "ROW", "*" } }
local sectors = {
  "AtB",                                               -- agriculture
  "C",                                                 -- mining
  { "D15t22n", { "D15t16", "D17t19", "D21t22", "Dnec" } }, -- food, textiles, paper, other
  { "D23t26", { "D23", "D24", "D25", "D26" } },        -- fuels, chemicals, plastics, minerals
  "D27t28",                                            -- metals
  "D29",                                               -- machinery
  "D30t33",                                            -- electrical and optical equipment
  "D34t35",                                            -- transport equipment
  { "EtF", { "E", "F" } },                             -- energy, water, construction
  { "GtI", { "G", "H", "I60t63", "I64" } },            -- trade, hotels, transport, telecom
  { "JtK", { "J", "K" } },                             -- finance and business services
  "LtQ",                                               -- public and personal services
}

--- What the layout calls the parts, by their names in capmod.
local finals = {
  HFCE = "Household consumption", GGFC = "Government consumption", GFCF = "GFCF",
  INVNT = "Stock variation",
}
local headings = {
  VA = "Total value added", TLS = "Taxes less subsides on products",
  DISC = "Statistical discrepancy", PURNR = "Domestic purchases by non-residents",
  PURR = "Direct purchases abroad by residents", ITM = "Internation transport margins",
}

local function rounded(x)
  return math.floor(x + 0.5)
end

--- Row `i` of a matrix, rounded, put behind `cells`; returns its sum.
local function add_row(cells, matrix, i)
  local sum = 0
  for j = 1, matrix:cols() do
    local cell = rounded(matrix:get(i, j))
    cells[#cells + 1], sum = cell, sum + cell
  end
  return sum
end

--- Sums of the columns of Z and Y, out of the rounded rows.
local function column_sums(rows)
  local sums = {}
  for j = 1, #rows[1] do
    sums[j] = 0
    for _, row in ipairs(rows) do sums[j] = sums[j] + row[j] end
  end
  return sums
end

--- The primary-input rows, rounded; value added is what the rest of the column leaves.
local function primary_rows(m, output, inputs)
  local P, PY, left, list, added = m.P, m.PY, {}, {}, nil
  for j, x in ipairs(output) do left[j] = x - inputs[j] end
  for i, name in ipairs(P:labels "row") do
    local cells = {}
    add_row(cells, P, i)
    add_row(cells, PY, i)
    list[i] = { headings[name], cells }
    if name == "VA" then
      added = cells
    else
      for j in ipairs(output) do left[j] = left[j] - cells[j] end
    end
  end
  table.move(left, 1, #left, 1, added)
  return list
end

--- "USA.D29" and "USA.HFCE" as the layout writes them.
local function underscored(labels)
  local list = {}
  for i, label in ipairs(labels) do
    local country, name = label:match "^(%w+)%.(.*)$"
    list[i] = country .. "_" .. (finals[name] or name)
  end
  return list
end

local function zeros(list, n)
  for i = #list + 1, n do list[i] = 0 end
  return list
end

local world = cm.read(source):aggregate{ countries = regions, sectors = sectors }
local Z, Y = world.Z, world.Y
local nodes, columns = underscored(world.nodes), underscored(world.columns)

local rows, output = {}, {}
for i = 1, Z:rows() do
  rows[i] = {}
  output[i] = add_row(rows[i], Z, i) + add_row(rows[i], Y, i)
end
local inputs = column_sums(rows)
local primary = primary_rows(world, output, inputs)

local file = assert(io.open(target, "w"))
local function write(label, cells)
  file:write(label, ",", table.concat(cells, ","), "\n")
end
write("," .. table.concat(nodes, ","), columns)
for i, row in ipairs(rows) do write(nodes[i], row) end
write("Total intermediate consumption", inputs)
for _, row in ipairs(primary) do write(row[1], row[2]) end
write("Total gross production", zeros(output, #inputs))
file:close()

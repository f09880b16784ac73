--- Tables that m:save wrote with style = "sdmx": a line for each number, in any order; cells
--- without a line are 0. What the table is called, its unit and lists stand in the first
--- COMMENT_DSET; where that has no lists they are what the lines of Z name, in the order in which
--- they come.

local core = require "capmod.core"
local layout = require "capmod.read.layout"

local CONCEPTS = { "MEASURE", "REF_AREA", "ACTIVITY", "COUNTERPART_AREA", "COUNTERPART_ACTIVITY",
  "TIME_PERIOD", "UNIT_MEASURE", "UNIT_MULT", "COMMENT_DSET", "OBS_VALUE" }
local ROW, COL = { 2, 3 }, { 4, 5 } -- the columns that name the two sides of a cell

local function is_ours(heading)
  for i, concept in ipairs(CONCEPTS) do
    if not heading or heading[i] ~= concept then return false end
  end
  return #heading == #CONCEPTS
end

--- The parts of labels before and behind the dot, each once.
local function parts_of(labels)
  local countries, sectors, seen = {}, {}, {}
  for _, label in ipairs(labels) do
    local country, sector = label:match "^([^.]+)%.(.+)$"
    for part, list in pairs{ [country or label] = countries, [sector or ""] = sectors } do
      if part ~= "" and not seen[part] then
        seen[part], list[#list + 1] = true, part
      end
    end
  end
  return countries, sectors
end

local function read(path)
  local save = require "capmod.mrio.save"
  local peek = core.peek(path, 2, ",")
  if not is_ours(peek[1]) then
    layout.wrong(path, 1, 1, "the columns are not " .. table.concat(CONCEPTS, ", "))
  end
  local lines = {}
  for line in (peek[2] and peek[2][9] or ""):gmatch "[^;]+" do lines[#lines + 1] = line end
  local facts, others = save.facts(lines)
  local countries, sectors, categories = save.lists(others)
  local text = core.text{ path = path, delimiter = ",", header_rows = 1, label_cols = 9 }
  local function block(name) return text:pivot(name, ROW, COL) end
  facts.Z, facts.Y = block "Z", block "Y"
  if not facts.Z or not facts.Y then
    layout.wrong(path, 0, 0, "there are no observations of Z, or none of Y")
  end
  for _, name in ipairs{ "P", "PY", "F", "FY" } do facts[name] = block(name) end
  local output = block "output"
  facts.output = output and output:label{ cols = false }:T() or nil
  if not countries or not sectors then countries, sectors = parts_of(facts.Z:labels "rows") end
  facts.countries, facts.sectors, facts.categories = countries, sectors, categories
  if not facts.year then facts.year = math.tointeger(tonumber(peek[2][6])) end
  return facts
end

return {
  name = "sdmx",
  about = "a table that capmod saved in the style of SDMX: a line for each number",
  saved = true, -- what is not in the file was not in the table
  recognise = function(peek) return is_ours(peek[1]) end,
  read = read,
}

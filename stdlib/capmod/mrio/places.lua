--- Countries, sectors and nodes of a table from the names that authors write.

local args = require "capmod.args"
local codes = require "capmod.codes"
local errors = require "capmod.errors"

local places = {}

local function choose(s, expression, kind)
  return codes.select(expression, { universe = kind == "sector" and s.sectors or s.countries,
    year = s.year, object = "'" .. s.name .. "'", kind = kind, classification = s.class })
end

--- How many names an expression has; nil where it takes some away.
local function names_in(expression)
  local items = type(expression) == "table" and expression or { expression }
  local n = 0
  for _, item in ipairs(items) do
    if item:find " %- " then return nil end
    n = n + 1 + select(2, item:gsub("%+", ""))
  end
  return n
end

--- Adds who the members of a group are, and who of them the table lacks; a mere list of countries
--- needs no such line.
local function note_members(notes, selection, universe, expression)
  local listed = names_in(expression) == #selection.codes and #selection.missing == 0
  if listed or #selection.codes == #universe or #selection.codes == 0 then return end
  notes[#notes + 1] = selection.members
end

--- A long line as lines of at most `width` columns; those that go on are indented.
---@param line string
---@param width integer
---@return string[]
function places.wrap(line, width)
  local lines, current = {}, ""
  for word in line:gmatch "%S+" do
    if #current + #word >= width then
      lines[#lines + 1], current = current, "  "
    end
    current = current .. (current:match "%S" and " " or "") .. word
  end
  lines[#lines + 1] = current
  return lines
end

---@class capmod.Places
---@field list integer[]   1-based places, ascending
---@field title string
---@field notes string[]   members of the groups named

--- "USA", "EU27 - DEU", or for a list its items in a row.
local function title_of(expression, codes_chosen, all)
  if #codes_chosen == 1 then return codes_chosen[1] end
  if #codes_chosen == #all then return "the world" end
  return type(expression) == "table" and table.concat(expression, ", ") or expression
end

local function chosen(s, expression, kind, all, at)
  local selection = choose(s, expression, kind)
  if #selection.codes == 0 then
    errors.raise(1603, { message = ("'%s' leaves no %s of '%s'"):format(selection.expression, kind,
      s.name), object = s.name, fix = "take away less" })
  end
  local list, notes = {}, {}
  for i, code in ipairs(selection.codes) do list[i] = at[code] end
  note_members(notes, selection, all, expression)
  return { list = list, notes = notes, title = title_of(expression, selection.codes, all) }
end

--- Countries of the table: codes, names, groups, "EU27 - DEU", lists. Errors CM11xx.
---@param s table
---@param expression string|string[]
---@return capmod.Places
function places.countries(s, expression)
  return chosen(s, expression, "country", s.countries, s.country_at)
end

--- Sectors of the table: codes, names, sections, lists. Errors CM11xx.
---@param s table
---@param expression string|string[]
---@return capmod.Places
function places.sectors(s, expression)
  local found = chosen(s, expression, "sector", s.sectors, s.sector_at)
  if #found.list == #s.sectors then found.title = "every sector" end
  return found
end

--- Countries and sectors of one item: "USA.C29", "USA", "*.C29", "EU27.C", "C29".
local function item_sides(s, item)
  local country, sector = item:match "^(.-)%s*%.%s*(.+)$"
  if country then return places.countries(s, country), places.sectors(s, sector) end
  if s.sector_at[item] and not s.country_at[item] then
    return places.countries(s, "*"), places.sectors(s, item)
  end
  return places.countries(s, item), places.sectors(s, "*")
end

local function add_item(s, item, seen, notes)
  if s.node_at[item] then
    seen[s.node_at[item]] = true
    return item
  end
  local countries, sectors = item_sides(s, item)
  for _, c in ipairs(countries.list) do
    for _, i in ipairs(sectors.list) do seen[(c - 1) * #s.sectors + i] = true end
  end
  for _, side in ipairs{ countries, sectors } do
    table.move(side.notes, 1, #side.notes, #notes + 1, notes)
  end
  if #sectors.list == #s.sectors then return countries.title end
  return countries.title .. "." .. sectors.title
end

--- Nodes of the table: "USA.C29", "Korea.C29", "USA" (all its sectors), "*.C29", "EU27.C", lists.
--- Errors CM11xx.
---@param s table
---@param expression string|string[]
---@param field string  for messages
---@return capmod.Places
function places.nodes(s, expression, field)
  args.one(expression, field, field, "string", "list")
  local seen, notes, titles, list = {}, {}, {}, {}
  for _, item in ipairs(type(expression) == "table" and expression or { expression }) do
    titles[#titles + 1] = add_item(s, args.one(item, field, "item", "string"), seen, notes)
  end
  for i = 1, #s.nodes do
    if seen[i] then list[#list + 1] = i end
  end
  return { list = list, notes = notes,
    title = #list == 1 and s.nodes[list[1]] or table.concat(titles, ", ") }
end

--- The country of a node, as a place.
---@param s table
---@param node integer
---@return integer
function places.country_of(s, node)
  return (node - 1) // #s.sectors + 1
end

--- The sector of a node, as a place.
---@param s table
---@param node integer
---@return integer
function places.sector_of(s, node)
  return (node - 1) % #s.sectors + 1
end

return places

--- Where what stages buy in comes from, by v L of a table. A purchase of a product (`buys`) is that
--- product's origins. Materials of a stage are bought as the column of the table buys that is its
--- place and sector: of a node j their origins are (v L - v) of j over its inputs, 1 - v.

local codes = require "capmod.codes"

local tracing = {}
tracing.__index = tracing

---@param through cm.Mrio
---@return table trace
function tracing.of(through)
  local place = {}
  for j, label in ipairs(through.nodes) do place[label] = j end
  return setmetatable({ table = through, place = place, name = through.name, kept = {},
    missing = {} }, tracing)
end

local function add(records, row, value)
  records[#records + 1] = { country = row.country, owner = row.country, stage = "(bought in)",
    sector = row.sector, component = "(bought in)", value = value }
end

--- Records of an amount of a product by its origins. CM1201 where the table has none such.
---@param records table[]
---@param label string
---@param amount number
function tracing.add_product(trace, records, label, amount)
  local origins = trace.table:value_added{ product = label, by = { "country", "sector" } }
  for row in origins:rows() do add(records, row, amount * row.share) end
end

--- The node of a place and a sector; a code of the WIOD of 2013 also under the code that the
--- Long-run WIOD has for it.
local function node_of(trace, at, sector)
  local node = ("%s.%s"):format(at, sector)
  if trace.place[node] then return node end
  if sector:match "^c%d+$" then
    trace.long = trace.long or codes.concordance("WIOD2013", "LRWIOD")
    node = ("%s.%s"):format(at, trace.long[sector])
  end
  return trace.place[node] and node
end

--- The origins of one unit of what a node buys: a list of { country =, sector =, share = }.
local function inputs_of(trace, node)
  local list = trace.kept[node]
  if list then return list end
  local v = trace.table.v:get(1, trace.place[node])
  list = {}
  if v < 1 - 1e-12 then
    local origins = trace.table:value_added{ product = node, by = { "country", "sector" } }
    for row in origins:rows() do
      local own = ("%s.%s"):format(row.country, row.sector) == node
      list[#list + 1] = { country = row.country, sector = row.sector,
        share = (row.value - (own and v or 0)) / (1 - v) }
    end
  end
  trace.kept[node] = list
  return list
end

--- Records of an amount of materials of a stage by their origins; false where the table has no
--- column for them, which is noted.
---@param records table[]
---@param s table
---@param at string
---@param amount number
---@return boolean
function tracing.add_inputs(trace, records, s, at, amount)
  local node = s.sector and node_of(trace, at, s.sector)
  local list = node and inputs_of(trace, node) or {}
  if #list == 0 then
    if not trace.missing[s.name] then
      trace.missing[s.name] = true
      trace.missing[#trace.missing + 1] = s.name
    end
    return false
  end
  for _, row in ipairs(list) do add(records, row, amount * row.share) end
  return true
end

--- What stands over the result.
---@return string[]
function tracing.notes(trace)
  local list = { ("what is bought in is traced to its origins by '%s'"):format(trace.name) }
  if #trace.missing > 0 then
    list[2] = ("but for what these buy, of whose place and sector it has no column: %s"):format(
      table.concat(trace.missing, ", "))
  end
  return list
end

return tracing

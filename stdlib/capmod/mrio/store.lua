--- What a table object holds, kept apart from it so that authors cannot reach it.

require "capmod.matrix" -- gives the matrices of a table their labels in print and their verbs

local store = { meta = { __name = "cm.Mrio" } }

local states = setmetatable({}, { __mode = "k" })

local function places(list)
  local map = {}
  for i, label in ipairs(list) do map[label] = i end
  return map
end

--- The classification of the sectors: the one named, the one that they make up, or the default
--- one where all of them are codes of it; nil where none is known.
local function classify(sectors, named)
  local codes = require "capmod.codes"
  local name = named or codes.classify(sectors)
  local class = codes.classification(name)
  for _, code in ipairs(name and {} or sectors) do
    if not class.names[code] then return nil end
  end
  return class
end

--- Makes the object around a Table of the core. `facts` are those of store.facts; of them only the
--- name is needed.
---@param core_table userdata
---@param facts table
---@return capmod.Mrio
function store.new(core_table, facts)
  local s = {
    table = core_table, name = facts.name, year = facts.year, unit = facts.unit,
    units = facts.units or {}, source = facts.source, changes = facts.changes or {},
    licence = facts.licence, edition = facts.edition, currency = facts.currency,
  }
  for _, which in ipairs{ "countries", "sectors", "categories", "nodes", "columns" } do
    s[which] = core_table:labels(which)
  end
  s.class = classify(s.sectors, facts.classification)
  s.classification = s.class and s.class.name
  s.country_at, s.sector_at = places(s.countries), places(s.sectors)
  s.node_at, s.column_at = places(s.nodes), places(s.columns)
  local m = setmetatable({}, store.meta)
  states[m] = s
  return m
end

--- The facts of another table from those of this one.
---@param s table
---@param with table<string, any>
---@return table
function store.facts(s, with)
  local facts = {}
  for _, key in ipairs{ "name", "year", "unit", "units", "source", "classification", "edition",
    "currency", "licence", "changes" } do
    facts[key] = with[key]
    if facts[key] == nil then facts[key] = s[key] end
  end
  return facts
end

---@param m any
---@return table state
function store.of(m)
  local s = states[m]
  require "capmod.args".object(s ~= nil, "table")
  return s
end

---@param m any
---@return boolean
function store.is(m)
  return states[m] ~= nil
end

--- "MRIO 'toy car world'".
---@param s table
---@return string
function store.title(s)
  return ("MRIO '%s'"):format(s.name)
end

return store

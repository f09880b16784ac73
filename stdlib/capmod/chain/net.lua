--- The graph of a chain with the names and figures of its stages, made on first use and kept.

local combine = require "capmod.chain.combine"
local core = require "capmod.core"
local errors = require "capmod.errors"
local graph = require "capmod.chain.graph"
local stage = require "capmod.chain.stage"
local value = require "capmod.chain.value"

local net = {}

---@class cm.Net
---@field chain table       the inside of the chain
---@field graph capmod.Graph
---@field n integer         stages
---@field place table<string, integer>  where in the list a stage is, by its name
---@field from integer[]    of each link
---@field to integer[]
---@field quantity number[]
---@field inputs integer[]  how many links lead into each stage
---@field users integer[]   how many lead out of it
---@field first integer[]   stages without inputs
---@field last integer[]    stages without users: the final products
---@field own number[]      what one unit of each adds
---@field worth number[]    the same with all that goes into it
---@field notes string[]    how figures were taken that are not settled

--- The least that one unit of a stage adds anywhere where it may be, and whether that is a choice.
local cheapest
function cheapest(s)
  if s.variants then
    local least
    for _, v in ipairs(s.variants) do
      local adds = cheapest(v)
      if not least or adds < least then least = adds end
    end
    return least, true
  end
  local adds = value.of_stage(s)
  if adds then return adds, false end
  for _, site in ipairs(stage.sites(s)) do
    local total = stage.figure(s, site.at, site.by).total
    if not adds or total < adds then adds = total end
  end
  return adds, true
end

local function count(n, ends)
  local counts, without = {}, {}
  for i = 1, n do counts[i] = 0 end
  for _, i in ipairs(ends) do counts[i] = counts[i] + 1 end
  for i = 1, n do
    if counts[i] == 0 then without[#without + 1] = i end
  end
  return counts, without
end

local function figures(self)
  local own, bought, open = {}, {}, {}
  for i, s in ipairs(self.chain.list) do
    local adds, is_open = cheapest(s)
    own[i] = adds
    local _, buys = value.of_stage(s)
    bought[i] = adds + buys
    if is_open then open[#open + 1] = s.name end
  end
  if #open > 0 then
    self.notes[#self.notes + 1] = "not settled, so taken where it costs least: " .. net.some(open)
  end
  local back = core.graph(self.n, self.to, self.from, self.quantity)
  self.own, self.worth, self.back = own, back:quantities(bought), back
end

local lazy = { own = figures, worth = figures, back = figures }

--- The graph of a chain, given its inside.
---@param chain table
---@return cm.Net
function net.of(chain)
  if chain.net then return chain.net end
  local self = { chain = chain, n = #chain.list, place = {}, notes = {} }
  for i, s in ipairs(chain.list) do self.place[s.name] = i end
  local combined = combine.names(chain.list)
  if combined then self.notes[1] = "quantities are those of the recipe in " .. combined end
  self.from, self.to, self.quantity = graph.arcs(chain.list, self.place)
  self.graph = core.graph(self.n, self.from, self.to, self.quantity)
  self.users, self.last = count(self.n, self.from)
  self.inputs, self.first = count(self.n, self.to)
  chain.net = setmetatable(self, { __index = function(_, field)
    if not lazy[field] then return nil end
    lazy[field](self)
    return self[field]
  end })
  return self
end

--- "a, b, c, 4 more".
---@param names string[]
---@param most? integer  how many are named (4)
---@return string
function net.some(names, most)
  most = most or 4
  if #names <= most then return table.concat(names, ", ") end
  return ("%s, %d more"):format(table.concat(names, ", ", 1, most - 1), #names - most + 1)
end

--- The names of stages, given by number.
---@param g cm.Net
---@param list integer[]
---@return string[]
function net.names(g, list)
  local names = {}
  for i, place in ipairs(list) do names[i] = g.chain.list[place].name end
  return names
end

--- The numbers of the stages that an author names: a name or a list of them. CM2002.
---@param g cm.Net
---@param wanted string|string[]
---@param verb string
---@param field string
---@return integer[]
function net.places(g, wanted, verb, field)
  local list, found = {}, errors.findings()
  for i, name in ipairs(type(wanted) == "table" and wanted or { wanted }) do
    list[i] = g.place[name]
      or graph.find(g.chain.list, name, found, ("'%s':%s"):format(g.chain.name, verb), field)
  end
  found:raise()
  return list
end

--- A set of numbers, for membership.
---@param list integer[]
---@return table<integer, boolean>
function net.set(list)
  local set = {}
  for _, i in ipairs(list) do set[i] = true end
  return set
end

return net

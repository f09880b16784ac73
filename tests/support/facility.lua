--- Facility location: readers of the shared instances, and the problem as a program and as a
--- placement. Costs are those of serving all of a customer's demand from a site.

local cm = require "capmod"
local core = require "capmod.core"
local sum, dot = cm.program.sum, cm.program.dot

local facility = {}

local function numbers_of(path)
  local file, list = io.open(path), {}
  if not file then return nil end
  for word in file:read "a":gmatch "%S+" do list[#list + 1] = tonumber(word) end
  file:close()
  return list
end

--- A cursor over numbers: next(), or next(n) as a list.
local function reader(list)
  local at = 0
  return function(n)
    at = at + (n or 1)
    return n and table.move(list, at - n + 1, at, 1, {}) or list[at]
  end
end

local function sites(next, m)
  local capacity, fixed = {}, {}
  for i = 1, m do capacity[i], fixed[i] = next(), next() end
  return capacity, fixed
end

--- OR-Library (Beasley 1988): each customer's demand, then its cost from every site. nil where the
--- file is not there.
function facility.beasley(path)
  local list = numbers_of(path)
  if not list then return nil end
  local next = reader(list)
  local d = { sites = next(), customers = next(), demand = {}, cost = {} }
  d.capacity, d.fixed = sites(next, d.sites)
  for j = 1, d.customers do d.demand[j], d.cost[j] = next(), next(d.sites) end
  return d
end

--- Holmberg, Ronnqvist and Yuan (1999): all demands, then the costs by site.
function facility.holmberg(path)
  local list = numbers_of(path)
  if not list then return nil end
  local next = reader(list)
  local d = { sites = next(), customers = next(), cost = {} }
  d.capacity, d.fixed = sites(next, d.sites)
  d.demand = next(d.customers)
  for j = 1, d.customers do d.cost[j] = {} end
  for i = 1, d.sites do
    for j = 1, d.customers do d.cost[j][i] = next() end
  end
  return d
end

local function upto(n)
  local list = {}
  for k = 1, n do list[k] = k end
  return list
end

--- Which sites to open and what each customer gets from each: demand split over sites, or all of a
--- customer's from one.
function facility.program(d, split)
  return cm.program{ name = "facility",
    sets = { site = upto(d.sites), customer = upto(d.customers) },
    variables = {
      { "open", over = "site", binary = true },
      { "serve", over = { "customer", "site" }, binary = not split, upper = 1 },
    },
    minimise = { { "sites", function(v) return dot(v.open, d.fixed) end },
      { "serving", function(v) return dot(v.serve, d.cost) end } },
    constraints = {
      { "served", over = "customer", function(v, j) return sum(v.serve[j]), "==", 1 end },
      { "capacity", over = "site", function(v, i)
        return dot(v.serve, function(j) return d.demand[j] end, { site = i }), "<=",
          d.capacity[i] * v.open[i]
      end },
      { "only if open", over = { "customer", "site" }, function(v, j, i)
        return v.serve[j][i], "<=", v.open[i]
      end },
    } }
end

--- The same with one site for each customer as a placement: a stage a customer, an option a site.
function facility.placement(d)
  local t = { places = d.sites, operators = 1, count = {}, place = {}, operator = {}, cost = {},
    facilities = { fixed = d.fixed, capacity = d.capacity },
    needs = { option = {}, facility = {}, volume = {} },
    measures = { weight = { 1 }, lower = { -math.huge }, upper = { math.huge } } }
  for j = 1, d.customers do
    t.count[j] = d.sites
    for i = 1, d.sites do
      local o = #t.place + 1
      t.place[o], t.operator[o], t.cost[o] = i, 1, d.cost[j][i]
      t.needs.option[o], t.needs.facility[o], t.needs.volume[o] = o, i, d.demand[j]
    end
  end
  return core.locate(t)
end

return facility

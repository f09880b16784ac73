--- The sequential chain against enumeration of all its paths.

local cm = require "capmod"

local PLACES = { "CHN", "DEU", "ETH" }

local function chain(seed, stages, theta)
  local draw = cm.random{ seed = seed }
  local t = { theta = theta, trade = {}, stages = {} }
  for _, a in ipairs(PLACES) do
    t.trade[a] = {}
    for _, b in ipairs(PLACES) do t.trade[a][b] = a == b and 1 or draw:uniform(1, 1.6) end
  end
  for n = 1, stages do
    local cost, technology = {}, {}
    for _, a in ipairs(PLACES) do
      cost[a], technology[a] = draw:uniform(0.5, 2), draw:uniform(0.5, 2)
    end
    t.stages[n] = { "s" .. n, share = draw:uniform(0.2, 0.9), cost = cost, technology = technology }
  end
  return t
end

--- Calls f(path) for every path of places.
local function paths(n, f, path)
  path = path or {}
  if #path == n then return f(path) end
  for _, place in ipairs(PLACES) do
    path[#path + 1] = place
    paths(n, f, path)
    path[#path] = nil
  end
end

local function cost_of(t, path, to)
  local p
  for n, place in ipairs(path) do
    local stage = t.stages[n]
    p = n == 1 and stage.cost[place]
      or stage.cost[place] ^ stage.share * (p * t.trade[path[n - 1]][place]) ^ (1 - stage.share)
  end
  return p * t.trade[path[#path]][to]
end

--- The weight of a path as the paper writes it.
local function weight_of(t, path, to)
  local product, b = 1, 1
  for n = #path, 1, -1 do
    local stage, next_place = t.stages[n], path[n + 1] or to
    local share = n == 1 and 1 or stage.share
    product = product * (stage.technology[path[n]] ^ share * (stage.cost[path[n]] ^ share *
      t.trade[path[n]][next_place]) ^ -t.theta) ^ b
    b = b * (1 - share)
  end
  return product
end

local function refused(f, number)
  local ok, e = pcall(f)
  assert.is_false(ok)
  assert.equal(number or "CM1004", e.number)
end

describe("a sequential chain", function()
  it("finds the cheapest path", function()
    for seed = 1, 20 do
      local t, least = chain(seed, 4), math.huge
      paths(4, function(path) least = math.min(least, cost_of(t, path, "DEU")) end)
      local f = cm.sequential(t):path "DEU"
      assert.near(least, f:column "cost"[5], 1e-12)
      assert.equal("delivered", f:column "stage"[5])
    end
  end)

  it("sums over all paths", function()
    for seed = 1, 10 do
      local t, total, through = chain(seed, 3, 4), 0, { {}, {}, {} }
      paths(3, function(path)
        local w = weight_of(t, path, "CHN")
        total = total + w
        for n, place in ipairs(path) do through[n][place] = (through[n][place] or 0) + w end
      end)
      local f = cm.sequential(t):shares "CHN"
      for k, share in ipairs(f:column "share") do
        local n = (k - 1) // 3 + 1
        assert.near(through[n][f:column "place"[k]] / total, share, 1e-12)
      end
    end
  end)

  it("goes to the cheapest path where places hardly differ in luck", function()
    local t = chain(3, 3, 400)
    for _, stage in ipairs(t.stages) do stage.technology = nil end
    local s = cm.sequential(t)
    local path, shares = s:path "ETH", s:shares "ETH"
    for n = 1, 3 do
      local best, place = 0, nil
      for k = 3 * n - 2, 3 * n do
        if shares:column "share"[k] > best then
          best, place = shares:column "share"[k], shares:column "place"[k]
        end
      end
      assert.truthy(path:column "place"[n]:find(place, 1, true))
    end
  end)

  it("refuses what it cannot use", function()
    local t = chain(1, 2)
    refused(function() return cm.sequential(t):shares "DEU" end)
    refused(function() return cm.sequential(t):path "KOR" end)
    t.trade.CHN.DEU = 0.9
    refused(function() return cm.sequential(t) end)
    t.trade.CHN.DEU = nil
    refused(function() return cm.sequential(t) end)
    t.trade.CHN.DEU, t.trade.CHN.DEUX = 1.1, 1.1
    refused(function() return cm.sequential(t) end, "CM1001")
    t.trade.CHN.DEUX, t.stages[2].share = nil, 0
    refused(function() return cm.sequential(t) end)
  end)
end)

--- Bad values in each place of what chains, questions to them and their years are told: each is
--- refused by number, or taken; none fails within capmod or shows an address.
local cm = require "capmod"
local each = require "capmod.each"

local BAD = { 0 / 0, math.huge, -1, "x", {}, true, function() return 3 end, 1e308, { 1, 2 },
  { x = 1 } }

local function chain_fields()
  return { name = "loco", unit = "USD", market = "KEN", home = "CHN", volume = 100, tier_step = 0.2,
    note = { "illustrative" }, price = 5000, rest = "ROW",
    colocate = { { "body", "paint", why = "too big" } },
    nearby = { { "engine", "body", within = "region" },
      { "engine", "paint", pairs = { CHN = "CHN", KEN = { "KEN", "CHN" } } } },
    stages = {
      { "engine", at = { "CHN", "KEN" }, by = "CHN", tier = 3, class = "engines",
        labour = { skilled = 6, unskilled = 2 }, capital = 25, materials = 30, lead_time = 3 },
      { "body", at = { "CHN", "KEN" }, by = { "CHN", "KEN", { CHN = 0.6, KEN = 0.4 } }, tier = 2,
        class = "bodies", duty_class = "vehicles", labour = { unskilled = 12 }, profit = 4,
        uses = { engine = 1 }, demand = 0, buys = { ["KOR.C24"] = 12 } },
      { "paint", at = { "CHN", "KEN" }, recipes = { whole = { labour = { unskilled = 3 } },
        parts = { labour = { unskilled = 1 }, interface = 0.5, uses = { pot = 2 },
          stages = { { "pot", labour = { unskilled = 0.2 } } } } } },
      { "sale", at = { CHN = 0.5, KEN = 0.5 }, adds = { CHN = 3, KEN = 4 },
        uses = { "body", paint = 1 } } },
    places = { CHN = { wage = { skilled = 9, unskilled = 5 }, tier = 4, lag = { bodies = 1 } },
      KEN = { wage = { skilled = 7, unskilled = 2 }, productivity = 0.5, tier = 2, tax = 0.3,
        subsidy = 0.05, entry = 20, setup = { engines = 300 }, capacity = { bodies = 300 },
        tariff = { vehicles = 0.1, from = { CHN = 0.05 } } } },
    operators = { CHN = { abroad = 0.85, joint = 0.9, experience = { engines = 400 } } },
    scale = { bodies = { { 100, 9 }, { 1000, 6 } } },
    learning = { engines = { rate = 0.1, at = 200 }, bodies = 0.05 },
    trade = { freight = { CHN = { KEN = 0.06 } }, interface = { CHN = { KEN = 2 } },
      tariff = { KEN = { vehicles = 0.25, others = 0.02, from = { CHN = { vehicles = 0.1 } } } },
      origin_rule = { KEN = { of = { "KEN" }, min = 0.4, duty = 0.02 } } } }
end

local function pair()
  return cm.chain{ name = "pair", home = "CHN", stages = {
    { "a", at = { "CHN", "KEN" }, labour = 1 }, { "b", at = { "CHN", "KEN" }, labour = 2,
      uses = "a" } }, places = { CHN = { wage = 2 }, KEN = { wage = 1, capacity = 5 } } }
end

--- All places of a table, as lists of keys.
local function places_of(t, before, list)
  for key, value in each(t) do
    local here = table.move(before, 1, #before, 1, {})
    here[#here + 1] = key
    list[#list + 1] = here
    if type(value) == "table" then places_of(value, here, list) end
  end
  return list
end

--- Every bad value in every place, one at a time: what did not end as it should.
local function faults(make, act)
  local list, count = {}, 0
  for _, here in ipairs(places_of(make(), {}, {})) do
    for k, bad in ipairs(BAD) do
      local t = make()
      local inner = t
      for i = 1, #here - 1 do inner = inner[here[i]] end
      inner[here[#here]], count = bad, count + 1
      local ok, e = pcall(act, t)
      local said = ok and "CM0000" or tostring(e)
      if not said:find "CM%d%d%d%d" or said:find "CM9" or said:find "0x%x" then
        for i, key in ipairs(here) do here[i] = tostring(key) end
        list[#list + 1] = ("%s, value %d: %s"):format(table.concat(here, "."), k, said)
      end
    end
  end
  return list, count
end

local function all_are_refused(least, make, act)
  local list, count = faults(make, act)
  assert.same({}, list)
  assert.is_true(count > least)
end

describe("bad values", function()
  it("in a chain", function()
    all_are_refused(1000, chain_fields, function(t) tostring(cm.chain(t):figures()) end)
  end)

  it("in a question to a chain", function()
    local chain = pair()
    all_are_refused(150, function()
      return { minimise = "cost", subject = { ["content.KEN"] = { min = 0.1 },
        budget = { max = 9 } }, time = 1, gap = 1e-3, nodes = 50, seed = 1,
        threads = 1, method = "branch",
        certificate = true, market = "KEN", trade = { freight = 0.1, tariff = { KEN = 0.1 } } }
    end, function(t) tostring(chain:locate(t)) end)
  end)

  it("in a change of a chain", function()
    local chain = pair()
    all_are_refused(50, function()
      return { name = "n", volume = 3, ["wage.CHN"] = 2, stages = { { "c", at = "CHN", labour = 1 },
        a = { labour = 3 } } }
    end, function(t) tostring(chain:with(t)) end)
  end)

  it("in a course over years, and in modes", function()
    local chain = pair()
    all_are_refused(150, function()
      return { years = { 2026, 2027 }, wages = { CHN = 0.05, KEN = 0.02 },
        growth = { volume = 0.03 }, events = { [2027] = { ["wage.CHN"] = 3 } },
        forget = 0.1, transfer = { fdi = 0.1 },
        moving = { b = 1 }, start = { b = "CHN" }, payback = 3, discount = 0.05, idle = 0.5,
        rules = { ["content.KEN"] = { min = { [2026] = 0, [2027] = 0.1 } } } }
    end, function(t) tostring(chain:over(t)) end)
    all_are_refused(80, function()
      return { home = "CHN", host = "KEN", keep = { "a" }, equity = { 0.6, 0.4 }, abroad = 0.8,
        cost = 4, royalty = 0.02, learned = 0.9, setup = true, learns = 0.1 }
    end, function(t) tostring(chain:as("transfer", t):modes()) end)
  end)

  it("in a sequential chain", function()
    all_are_refused(80, function()
      return { name = "s", theta = 5, trade = { CHN = { DEU = 1.2 }, DEU = { CHN = 1.3 } },
        stages = { { "a", cost = { CHN = 1, DEU = 2 } },
          { "b", share = 0.5, cost = { CHN = 1, DEU = 2 } } } }
    end, function(t) tostring(cm.sequential(t):path "DEU") end)
  end)
end)

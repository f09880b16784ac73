--- Facility location against the optima that came with the instances: OR-Library's capacitated
--- warehouses (Beasley 1988; demand may be split) and those of Holmberg, Ronnqvist and Yuan (1999;
--- one site a customer). Needs the shared data.
local blocks = dofile "tests/support/blocks.lua"
local facility = dofile "tests/support/facility.lua"

local folder = blocks.shared .. "/data/facility/"

--- Pairs of name and optimum in a file of lines "cap71  932615.750".
local function optima(path)
  local list, file = {}, io.open(path)
  if not file then return nil end
  for line in file:lines() do
    local name, value = line:match "^(%w+)%s+([%d.]+)%s*$"
    if name then list[name] = tonumber(value) end
  end
  file:close()
  return list
end

describe("a warehouse problem of OR-Library", function()
  local known = optima(folder .. "orlib_cap/optimal-solutions.txt")
  for _, n in ipairs{ 71, 72, 73, 74, 131, 132, 133, 134 } do
    it("cap" .. n .. " has its optimum", function()
      if not known then return pending "needs ../shared/data/facility" end
      local d = facility.beasley(("%sorlib_cap/cap%d.txt"):format(folder, n))
      local s = facility.program(d, true):solve()
      assert.equal("optimal", s.status)
      assert.near(known["cap" .. n], s.objective, 0.001 + 1e-6 * s.objective)
      assert.is_true(s.bound <= known["cap" .. n] + 0.001)
    end)
  end
end)

describe("a problem of Holmberg, Ronnqvist and Yuan", function()
  local known = {}
  for line in (blocks.exists(folder .. "holmberg/os") and io.lines(folder .. "holmberg/os")
    or function() end) do known[#known + 1] = tonumber(line) end

  local function instance(n) return facility.holmberg(("%sholmberg/p%d"):format(folder, n)) end

  for n = 1, 23, 2 do
    it(("p%d has its optimum as a program"):format(n), function()
      if #known == 0 then return pending "needs ../shared/data/facility" end
      local s = facility.program(instance(n), false):solve()
      assert.equal("optimal", s.status)
      assert.near(known[n], s.objective, 1e-6 * known[n])
    end)
  end

  for _, n in ipairs{ 1, 9, 17, 41, 49 } do
    it(("p%d has its optimum as a placement"):format(n), function()
      if #known == 0 then return pending "needs ../shared/data/facility" end
      local f = facility.placement(instance(n)):solve():figures()
      assert.equal("optimal", f.status)
      assert.near(known[n], f.objective, 1e-6 * known[n])
    end)
  end

  it("keeps a true bound where time cuts it", function()
    if #known == 0 then return pending "needs ../shared/data/facility" end
    local s = facility.program(instance(31), false):solve{ time = 1 }
    assert.is_true(s.status == "stopped" or s.status == "unknown", s.status)
    assert.is_true(s.bound <= known[31])
    assert.is_true(not s.objective or s.objective >= known[31] - 1e-6 * known[31])
    assert.equal("time", s.stop)
  end)
end)

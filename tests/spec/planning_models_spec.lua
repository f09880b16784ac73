--- The planning models of examples/models: the optima that were published, or on which solvers of
--- other makers agree. glpsol (GLPK) reads our MPS files where it is installed.
local core = require "capmod.core"

local function run(name, given)
  given = given or {}
  given.name = name
  return assert(loadfile(("%s/examples/models/%s.lua"):format(core.home, name)))()(given):run()
end

local OPTIMA = {
  { "transport", 153.675, 3 },  -- Rosenthal (1988)
  { "mexss", 538.8112, 4 },     -- Kendrick, Meeraus and Alatorre (1984)
  { "egypt", 58808.37, 2 },     -- Fourer, Gay and Kernighan (1990), by GLPK
  { "vietman", 64926.46, 2 },   -- all plants enumerated, below
  { "yemcem", 1620.2778, 4 },   -- CBC, GLPK
  { "mexsd", 12850.8607, 4 },   -- misc06 of MIPLIB 3
  { "andean", 2666.6993, 4 },   -- CBC, GLPK
}

local has_glpsol = os.execute "command -v glpsol >/dev/null"

local function glpsol(program)
  local path = os.tmpname()
  program:save(path .. ".mps")
  local pipe = assert(io.popen(("glpsol --freemps %s.mps -o /dev/stdout"):format(path)))
  local said = pipe:read "a"
  pipe:close()
  os.remove(path)
  os.remove(path .. ".mps")
  return tonumber(said:match "Objective:%s+%S+ = (%S+)")
end

describe("the planning model", function()
  for _, case in ipairs(OPTIMA) do
    local name, optimum, digits = table.unpack(case)
    -- Half of the last digit, and the gap of 1e-6 to which mixed-integer programs are solved.
    local slack = 0.5 * 10 ^ -digits + 1e-6 * optimum
    local r
    setup(function() r = run(name) end)

    it(name .. " has its known optimum", function()
      assert.equal("optimal", r.status)
      assert.near(optimum, r.cost, slack)
      assert.is_true(r.solution.bound >= optimum - slack and r.solution.bound <= r.cost + 1e-9)
      local parts = 0
      for row in r.solution:parts():rows() do parts = parts + row.amount end
      assert.near(r.cost, parts, 1e-7 * r.cost)
    end)

    it(name .. " has it by glpsol on our MPS file", function()
      if not has_glpsol then return pending "needs glpsol" end
      assert.near(optimum, glpsol(r.program), slack)
    end)
  end
end)

describe("vietman", function()
  it("is the least of all choices of plants", function()
    local r = run "vietman"
    local d, best = r.data, math.huge
    for ammonia = 0, 31 do
      for fertilizer = 0, 31 do
        local function made(set, j) return set >> (j - 1) & 1 == 1 end
        local total = 0
        for j = 1, 5 do
          total = total + (made(ammonia, j) and d.ammonia_plant[j] or 0)
            + (made(fertilizer, j) and d.fertilizer_plant[j] or 0)
        end
        for k, need in ipairs(d.demand) do
          local least = d.fertilizer[0][k]
          for j = 1, 5 do
            for i = 0, made(fertilizer, j) and 5 or -1 do
              if i == 0 or made(ammonia, i) then
                least = math.min(least, d.ammonia[i][j] + d.fertilizer[j][k])
              end
            end
          end
          total = total + need * least
        end
        best = math.min(best, total)
      end
    end
    assert.near(best, r.cost, 1e-6 * best)
    assert.near(64926.46, best, 1e-6)
  end)
end)

describe("egypt", function()
  it("saves by shipping ammonia from the dam to Helwan", function()
    local r = run("egypt", { transfers = true })
    -- glpsol on egypt.mod with any user of an intermediate as a receiver.
    assert.near(57747.32, r.cost, 0.005)
    assert.is_true(r.solution:value("transfer", "ammonia", "aswan", "helwan") > 1)
  end)
end)

describe("mexss", function()
  it("is priced by its duals: a little more demand costs what they say", function()
    local r = run "mexss"
    local price = r.solution:duals("demand").dual
    -- Demand is share * steel * (1 + raw): its change with steel by 0.001.
    local expected = 0.001 * 1.4 * (0.55 * price["mexico-df"] + 0.30 * price.monterrey
      + 0.15 * price.guadalajara)
    assert.near(expected, run("mexss", { steel = 5.210 }).cost - r.cost, 1e-9)
  end)
end)

describe("andean", function()
  it("costs no less where no country may lead, and then all build alike", function()
    local equal, free = run("andean", { lead = 0 }), run("andean", { lead = 10 })
    assert.is_true(equal.cost >= free.cost - 1e-6 * free.cost)
    local by_country = {}
    for row in equal.solution:values("package"):rows() do
      local key = row.package:sub(1, 3) .. row.expansion
      by_country[key] = (by_country[key] or 0) + row.value
    end
    for _, w in ipairs{ "bol", "col", "ecu", "per", "ven" } do
      for e = 2, 4 do assert.near(by_country["col" .. e], by_country[w .. e], 1e-6) end
    end
  end)
end)

--- HiGHS as the solver of programs: a program of its own, here played by scripts that answer as
--- HiGHS 1.15.1 did when it was given these models, and the real one where it is on the PATH.

local cm = require "capmod"
local core = require "capmod.core"
local random = require "capmod.random"
local sum = cm.program.sum

local function refused(number, f, ...)
  local ok, e = pcall(f, ...)
  assert.is_false(ok)
  assert.equal("CM" .. number, e.number)
  return tostring(e)
end

-- Hillier and Lieberman (Introduction to Operations Research, ch. 3): x = 2, y = 6, value 36, duals
-- 0, 1.5, 1. With whole numbers under 2.5 x + 4.3 y <= 21.7 and x <= 3 by enumeration: 0, 5, 25.
local function wyndor(whole)
  return cm.program{ name = "Wyndor",
    variables = { { "doors", integer = whole }, { "windows", integer = whole } },
    maximise = function(v) return 3 * v.doors + 5 * v.windows end,
    constraints = whole and {
      { "wood", function(v) return 2.5 * v.doors + 4.3 * v.windows, "<=", 21.7 end },
      { "one", function(v) return v.doors, "<=", 3 end },
    } or {
      { "one", function(v) return v.doors, "<=", 4 end },
      { "two", function(v) return 2 * v.windows, "<=", 12 end },
      { "three", function(v) return 3 * v.doors + 2 * v.windows, "<=", 18 end },
    } }
end

local made = {}

--- A program that plays HiGHS: it writes a solution file, and a log.
local function player(solution, log, more)
  local path = os.tmpname()
  local file <close> = assert(io.open(path, "w"))
  file:write([[
#!/bin/sh
while [ $# -gt 0 ]; do
  case $1 in --solution_file) out=$2 ;; --model_file) model=$2 ;; --options_file) set=$2 ;; esac
  shift
done
]], more or "", solution and ("cat > \"$out\" <<'END'\n%s\nEND\n"):format(solution) or "",
    ("cat <<'END'\n%s\nEND\n"):format(log or ""))
  made[#made + 1] = path
  assert(os.execute(("chmod 700 %s"):format(path)))
  return path
end

local LINEAR = [[
Model status
Optimal

# Primal solution values
Feasible
Objective -36
# Columns 2
C1 2
C2 6
# Rows 3
R1 2
R2 12
R3 18

# Dual solution values
Feasible
# Columns 2
C1 0
C2 0
# Rows 3
R1 0
R2 -1.5
R3 -1

# Basis
HiGHS_basis_file v2
Valid
# Columns 2
C1 1
C2 1
# Rows 3
R1 1
R2 2
R3 2]]

local function mixed(status, windows)
  return ([[
Model status
%s

# Primal solution values
Feasible
Objective %d
# Columns 2
C1 0
C2 %d
# Rows 2
R1 %g
R2 0

# Dual solution values
None

# Basis
HiGHS_basis_file v2
None]]):format(status, -5 * windows, windows, 4.3 * windows)
end

local function report(bound, nodes)
  return ([[
Solving report
  Status            Optimal
  Primal bound      -25
  Dual bound        %g
  Gap               0%% (tolerance: 0.0001%%)
  Nodes             %d
  LP iterations     3]]):format(bound, nodes)
end

describe("HiGHS", function()
  teardown(function()
    for _, path in ipairs(made) do os.remove(path) end
  end)

  it("gives values, duals and reduced costs of a linear program", function()
    local s = wyndor():solve{ solver = player(LINEAR) }
    assert.equal("optimal", s.status)
    assert.equal("HiGHS", s.solver)
    assert.equal(36, s.objective)
    assert.equal(36, s.bound)
    assert.equal(6, s:value "windows")
    assert.equal(1.5, s:duals "two":get{}.dual)
  end)

  it("gives ranges, by a basis in either version of its file", function()
    local lines = LINEAR:gsub("HiGHS_basis_file v2", "HiGHS v1")
      :gsub("Valid\n# Columns 2\nC1 1\nC2 1\n# Rows 3\nR1 1\nR2 2\nR3 2",
        "Valid\n# Columns 2\n1 1 \n# Rows 3\n1 2 2 ")
    for _, text in ipairs{ LINEAR, lines } do
      local s = wyndor():solve{ solver = player(text) }
      -- Hillier and Lieberman, ch. 6: 0 <= c1 <= 7.5; 6 <= b2 <= 18.
      assert.near(7.5, s:range "objective":get{ variable = "doors" }.up_to, 1e-9)
      assert.near(6, s:range "sides":get{ constraint = "two" }.down_to, 1e-9)
    end
    local s = wyndor():solve{ solver = player((LINEAR:gsub("Valid.*", "None"))) }
    assert.matches("the solver gave none", refused(1301, s.range, s, "sides"), 1, true)
  end)

  it("is not given rows without a limit or a number", function()
    local function solve(side, text)
      return cm.program{ variables = { { "doors" }, { "windows" } },
        maximise = function(v) return 3 * v.doors + 5 * v.windows end,
        constraints = {
          { "open", function(v) return v.doors, "<=", math.huge end },
          { "one", function(v) return v.doors, "<=", 4 end },
          { "bare", function(v) return 0 * v.doors, "<=", side end },
          { "two", function(v) return 2 * v.windows, "<=", 12 end },
          { "three", function(v) return 3 * v.doors + 2 * v.windows, "<=", 18 end },
        } }:solve{ solver = player(text, nil, "grep -q R4 $model && exit 1\n") }
    end
    local s = solve(1, LINEAR)
    assert.equal(36, s.objective)
    local duals = s:duals().dual
    assert.same({ 0, 0, 0, 1.5, 1 },
      { duals.open, duals.one, duals.bare, duals.two, duals.three })
    assert.near(18, s:range "sides":get{ constraint = "two" }.up_to, 1e-9)
    assert.equal("infeasible", solve(-1, LINEAR).status)
  end)

  it("is not given a presolve that is known to lose the optimum", function()
    local wary = [[
if ! grep -q "presolve = off" $set; then
  echo "Running HiGHS 1.14.0 (git hash: n/a): Copyright (c) 2026 under MIT licence terms"
  exec sleep 60
fi
]]
    local s = wyndor(true):solve{ solver = player(mixed("Optimal", 5), report(-25, 7), wary) }
    assert.equal(25, s.objective)
    assert.equal("optimal", s.status)
  end)

  it("begins with a solution", function()
    local p = wyndor(true)
    local s = p:solve{ start = p:solve(), solver = player(mixed("Optimal", 5),
      report(-25, 0), "grep -q 'C2 5$' start || exit 1\n") }
    assert.equal(25, s.objective)
  end)

  it("gives the best whole numbers, the bound of the search, and duals beside them", function()
    local s = wyndor(true):solve{ solver = player(mixed("Optimal", 5), report(-25, 7)) }
    assert.equal("optimal", s.status)
    assert.equal(25, s.objective)
    assert.near(25, s.bound, 1e-8)
    assert(s.bound >= 25) -- what the log rounds off is given back
    assert.equal(7, s.nodes)
    assert.equal(0, s:duals "wood":get{}.dual)
  end)

  it("is stopped by time and nodes with what it has", function()
    local late = player(mixed("Time limit reached", 4), report(-27, 9))
    local s = wyndor(true):solve{ solver = late, time = 5 }
    assert.equal("stopped", s.status)
    assert.equal("time", s.stop)
    assert.equal(20, s.objective)
    assert.near(27, s.bound, 1e-8)
    assert.near(7 / 20, s.gap, 1e-8)
    s = wyndor(true):solve{ nodes = 9,
      solver = player(mixed("Solution limit reached", 4), report(-27, 9)) }
    assert.equal("feasible", s.status)
    assert.equal("nodes", s.stop)
  end)

  it("is ended where it does not end, and leaves no file behind", function()
    local note = os.tmpname()
    made[#made + 1] = note
    local begin = os.time()
    local sleeper = ("grep -c time_limit $set > %s; pwd >> %s; touch Highs.log; exec sleep 60\n")
      :format(note, note)
    local s = wyndor(true):solve{ time = 0.2, solver = player(nil, nil, sleeper) }
    assert.equal("unknown", s.status)
    assert(os.time() - begin < 30)
    local lines = io.lines(note)
    assert.equal("1", lines())
    local folder = lines()
    assert.matches("/capmod%-%w+$", folder)
    assert.is_nil(io.open(folder .. "/model.mps"))
    assert.is_nil(io.open(folder))
  end)

  it("leaves what it has found where it is ended", function()
    local found = [[
printf 'Objective 0\n# Columns 0\nObjective -20\n# Columns -1\nC2 4 1\n' > improving
printf 'Objective -25\n# Columns -1\n' >> improving
echo " L      12k      3         4   0.50%   -27.5           -20               27.3%        0     0"
exec sleep 60
]]
    local s = wyndor(true):solve{ time = 0.3, solver = player(nil, nil, found) }
    assert.equal("stopped", s.status)
    assert.equal("time", s.stop)
    assert.equal(20, s.objective)
    assert.near(27.5, s.bound, 1e-6)
    assert(s.bound >= 27.5)
    assert.equal(12000, s.nodes)
  end)

  it("says what it died of", function()
    local function die(line) return wyndor():solve{ solver = player(nil, nil, line) } end
    assert.matches("died (6)", refused(4101, die, "kill -ABRT $$\n"), 1, true)
    refused(6001, die, "echo 'terminate called: std::bad_alloc' >&2\nkill -ABRT $$\n")
  end)

  it("says what cannot hold", function()
    local none = "Model status\nInfeasible\n\n# Primal solution values\nInfeasible"
    assert.equal("infeasible", wyndor():solve{ solver = player(none) }.status)
    local open = cm.program{ variables = { { "x" } }, maximise = function(v) return v.x end }
    local either = "Model status\nPrimal infeasible or unbounded"
    local s = open:solve{ solver = player(either) }
    assert.equal("unbounded", s.status)
    assert.same({ "x" }, s.unbounded)
  end)

  it("is refused where it is not there, says nothing, or errs", function()
    local p = wyndor()
    refused(4102, p.solve, p, { solver = "./no/such/highs" })
    refused(4102, p.solve, p, { solver = "gurobi" })
    assert.matches("gave no answer", refused(4101, p.solve, p, { solver = player() }), 1, true)
    local wrong = LINEAR:gsub("C2 6", "C2 7")
    assert.matches("misses a row", refused(4101, p.solve, p, { solver = player(wrong) }), 1, true)
    local short = LINEAR:gsub("C2 6\n", "")
    assert.matches("gave no answer", refused(4101, p.solve, p, { solver = player(short) }), 1, true)
  end)

  --- Knapsacks with several rows, whole numbers in two of three columns.
  local function knapsack(draw)
    local items = {}
    for i = 1, 12 do items[i] = "i" .. i end
    local function list()
      local t = {}
      for _, i in ipairs(items) do t[i] = 1 + math.floor(20 * draw()) end
      return t
    end
    local worth, rows = list(), { list(), list(), list() }
    return cm.program{ sets = { item = items },
      variables = { { "take", over = "item", upper = 3, integer = true },
        { "part", over = "item" } },
      maximise = function(v)
        local t = {}
        for k, i in ipairs(items) do
          t[k] = worth[i] * v.take[i] + 0.5 * worth[i] * v.part[i]
        end
        return sum(t)
      end,
      constraints = { { "most", over = "item", function(v, i) return v.part[i], "<=", 1.5 end },
        { "open", function(v) return v.take.i1, "<=", math.huge end },
        { "limit", function(v)
          local t = {}
          for k, i in ipairs(items) do t[k] = rows[1][i] * (v.take[i] + v.part[i]) end
          return sum(t), "<=", 100
        end },
        { "other", function(v)
          local t = {}
          for k, i in ipairs(items) do t[k] = rows[2][i] * v.take[i] - rows[3][i] * v.part[i] end
          return sum(t), "<=", 30
        end } } }
  end

  it("agrees with Clp and CBC", function()
    if not os.execute "command -v highs >/dev/null" then return pending "needs highs" end
    local stream = random{ seed = 5, stream = "highs" }
    for _ = 1, 5 do
      local p = knapsack(function() return stream:uniform() end)
      for _, relax in ipairs{ false, true } do
        local ours, theirs = p:solve{ relax = relax }, p:solve{ relax = relax, solver = "highs" }
        assert.equal("optimal", theirs.status)
        assert.equal("HiGHS", theirs.solver)
        assert.near(ours.objective, theirs.objective, 1e-5 * ours.objective)
        assert(theirs.bound >= ours.objective * (1 - 1e-9))
      end
    end
    local square = core.locate{ places = 2, operators = 1, count = { 2, 2 }, place = { 1, 2, 1, 2 },
      operator = { 1, 1, 1, 1 }, cost = { 10, 8, 5, 6 }, place_matrices = { { 0, 1, 1, 0 } },
      arcs = { from = { 1 }, to = { 2 }, quantity = { 2 }, add = { 1 } },
      measures = { weight = { 1 }, lower = { 0 }, upper = { 0 } } }
    local f = square:solve{ method = "program", solver = "highs" }:figures()
    assert.equal("HiGHS", f.method)
    assert.equal(14, f.objective)
  end)
end)

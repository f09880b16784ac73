--- Certificates: what `capmod verify` says of true ones holds against enumeration of all choices,
--- and false ones do not pass, however they are made.

local certificate = require "capmod.plan.certificate"
local cm = require "capmod"
local core = require "capmod.core"
local digest = require "capmod.verify.digest"
local json = require "capmod.json"
local linear = require "capmod.verify.linear"
local problem = require "capmod.verify.problem"
local random = require "capmod.random"

local placements = dofile "tests/support/placements.lua"

local KINDS = {
  { "a forest", {}, { "dynamic", "branch", "junction" } },
  { "what is not parted", { dag = true, join = true, stages = 3 }, { "branch", "junction" } },
  { "the same, compounding", { dag = true, join = true, stages = 3, compounding = true },
    { "branch", "junction" } },
  { "shared stages that aggregate", { dag = true, compounding = true, aggregate = true,
    stages = 3 }, { "branch", "junction" } },
  { "a forest with joins", { join = true, facility = true }, { "branch" } },
  { "a graph with circles", { dag = true }, { "branch", "junction" } },
  { "the most of one", { dag = true, join = true, maximise = true }, { "branch", "junction" } },
  { "facilities and rules", { dag = true, facility = true, rule = true, stages = 3 },
    { "branch" } },
  { "all of it, the most", { dag = true, facility = true, rule = true, join = true,
    maximise = true }, { "branch" } },
  { "costs that compound", { compounding = true }, { "dynamic", "branch" } },
  { "aggregates", { compounding = true, aggregate = true, facility = true }, { "branch" } },
  { "all of it, compounding", { dag = true, compounding = true, facility = true, rule = true,
    join = true }, { "branch" } },
  { "the same, the most", { dag = true, compounding = true, facility = true, rule = true,
    maximise = true }, { "branch" } },
}

local function draws(name)
  local stream = random{ seed = 7, stream = name }
  return function() return stream:uniform() end
end

local function verify(s)
  local path = os.tmpname()
  local file = assert(io.open(path, "wb"))
  file:write(s)
  file:close()
  local ok, result = pcall(cm.verify, path)
  os.remove(path)
  if not ok and not cm.errors.is(result) then error(result, 0) end
  return ok and result or { pass = false, refused = result.number, faults = {} }
end

local function lines_of(s)
  local lines = {}
  for line in s:gmatch "[^\n]+" do lines[#lines + 1] = json.decode(line) end
  return lines
end

--- The text of lines that were changed, with the digest that a forger would give it.
local function forged(lines)
  local sum, list = digest.new(), {}
  for k, line in ipairs(lines) do
    if line.is == "end" then line.digest = sum:text() end
    list[k] = json.line(line)
    sum:add(list[k])
  end
  return table.concat(list, "\n") .. "\n"
end

--- The first line of a kind with something in it.
local function find(lines, is, field)
  for k, line in ipairs(lines) do
    if line.is == is and (not field or line[field]) then return line, k end
  end
end

local function solved(t, options)
  local p = core.locate(t)
  options.record = true
  local found = p:solve(options)
  return certificate.text(t, p, found, {}), found:figures()
end

describe("a certificate", function()
  for _, entry in ipairs(KINDS) do
    it("holds against enumeration: " .. entry[1], function()
      local draw, plans = draws(entry[1]), 0
      for _ = 1, 40 do
        local t = placements.problem(entry[2], draw)
        local best = placements.enumerate(core.locate(t), t)
        for _, method in ipairs(entry[3]) do
          local result = verify((solved(t, { method = method })))
          assert(result.pass, tostring(result))
          assert.equal(math.abs(best) == math.huge and "infeasible" or "optimal", result.status)
          if result.objective then
            plans = plans + 1
            local tolerance = 2e-6 * math.max(1, math.abs(best))
            assert.near(best, result.objective, tolerance)
            assert.near(best, result.bound, tolerance)
          end
        end
      end
      assert(plans > 10)
    end)

    it("of a search that left out the best does not pass: " .. entry[1], function()
      local draw, tried = draws("left out " .. entry[1]), 0
      for _ = 1, 4 do
        local t, allowed = placements.problem(entry[2], draw), {}
        local p = core.locate(t)
        local best, found = placements.enumerate(p, t), p:solve()
        for k, o in ipairs(found:choice(p) or {}) do
          for n = 1, #t.cost do allowed[n] = n ~= o or t.count[k] == 1 end
          for _, method in ipairs(entry[3]) do
            local text, figures = solved(t, { method = method, allowed = allowed })
            local loss = figures.objective and math.abs(figures.objective - best) or 0
            if loss > 1e-3 * math.max(1, math.abs(best)) then
              tried = tried + 1
              assert.is_false(verify(text).pass)
            end
          end
        end
      end
      assert(tried > 0)
    end)

    it("of a search that was stopped holds, with what it knew: " .. entry[1], function()
      local draw = draws(entry[1])
      for _ = 1, 20 do
        local t = placements.problem(entry[2], draw)
        local best, sign = placements.enumerate(core.locate(t), t), t.maximise and -1 or 1
        for nodes = 1, 3 do
          local s, figures = solved(t, { method = "branch", nodes = nodes })
          local result = verify(s)
          assert(result.pass, tostring(result))
          if result.bound then
            assert(sign * result.bound <= sign * best + 1e-6 * math.max(1, math.abs(best)))
            assert.near(figures.bound, result.bound, 1e-3) -- less where rounding counts
          end
        end
      end
    end)

    it("does not prove more than is true: " .. entry[1], function()
      local draw, tried = draws(entry[1]), 0
      for _ = 1, 20 do
        local t = placements.problem(entry[2], draw)
        local best, sign = placements.enumerate(core.locate(t), t), t.maximise and -1 or 1
        local lines = lines_of((solved(t, { method = "branch" })))
        local plan = find(lines, "plan")
        local more = math.abs(best) < math.huge and best + sign * 0.01 * math.max(1, math.abs(best))
        if more then
          tried = tried + 1
          plan.certified = more
          assert.is_false(verify(forged(lines)).pass)
          for _, line in ipairs(lines) do -- any multipliers on their side of 0 give a bound
            for _, round in ipairs(line.rounds or {}) do
              round.at = round.at:gsub("%S+", function(word)
                return not word:find "*" and ("%.9g"):format(3 * draw() * tonumber(word)) or nil
              end)
            end
          end
          local result = verify(forged(lines))
          assert.is_false(result.pass)
          assert(not result.bound
            or sign * result.bound <= sign * best + 1e-6 * math.max(1, math.abs(best)))
          plan.options, plan.objective, plan.status = nil, nil, "infeasible"
          plan.certified = sign * math.huge
          assert.is_false(verify(forged(lines)).pass)
        end
      end
      assert(tried > 5)
    end)
  end

  --- A problem whose tree has several leaves, so that there is something to tamper with.
  local function tree()
    local draw = draws "tree"
    while true do
      local t = placements.problem({ dag = true, facility = true, rule = true, stages = 4 }, draw)
      local s, figures = solved(t, {})
      if figures.status == "optimal" and figures.nodes > 8 then
        local lines = lines_of(s)
        return lines, t
      end
    end
  end

  it("fails when a part of it is another", function()
    local function fails(change, what)
      local lines = tree()
      assert(verify(forged(lines)).pass)
      what = change(lines) or what
      local result = verify(forged(lines))
      assert.is_false(result.pass)
      local text = result.refused or result.faults[1]
      assert(text:find(what, 1, true), text .. ", not " .. what)
    end
    local function first_unused(lines, s)
      local stage, o = nil, 0
      for _, line in ipairs(lines) do
        if line.is == "stage" then
          s = s - 1
          if s == 0 then stage = line break end
          o = o + #line.options
        end
      end
      local chosen = find(lines, "plan").options
      for k in ipairs(stage.options) do
        local taken = false
        for _, c in ipairs(chosen) do taken = taken or c == o + k end
        if not taken then return stage.options[k], o + k end
      end
    end
    fails(function(lines) -- costs
      local option = find(lines, "stage").options[1]
      for _, one in ipairs(find(lines, "stage").options) do one.cost = one.cost + 1 end
      return option and "the plan comes to"
    end)
    fails(function(lines) first_unused(lines, 1).cost = -50 end, "is not closed")
    fails(function(lines) find(lines, "facility").fixed = 1e3 end, "")
    fails(function(lines) -- rules
      for _, line in ipairs(lines) do
        if line.is == "measure" and line.lower then line.lower = 1e3 end
      end
    end, "the plan misses the rule")
    fails(function(lines) -- the plan
      local plan = find(lines, "plan")
      local _, o = first_unused(lines, 1)
      plan.options[1] = o
    end, "the plan")
    fails(function(lines) find(lines, "plan").objective = 1 end, "the plan comes to")
    fails(function(lines) find(lines, "plan").status = nil end, "CM5205")
    fails(function(lines) find(lines, "plan").asked = "little" end, "CM5205")
    fails(function(lines) find(lines, "plan").certified = 1 end, "called optimal, but the gap is")
    fails(function(lines) find(lines, "plan").certified = 1e3 end, "is not closed")
    fails(function(lines) -- multipliers
      for _, line in ipairs(lines) do
        for _, round in ipairs(line.rounds or {}) do
          round.at = round.at:gsub("%S+", function(w) return w:find "*" and w or "0" end)
        end
      end
    end, "is not closed")
    fails(function(lines)
      local round = find(lines, "node", "rounds").rounds[1]
      round.at = round.at .. " 5"
    end, "CM5205")
    fails(function(lines) -- a leaf
      local _, k = find(lines, "end")
      table.remove(lines, k - 1)
      lines[k - 1].nodes = lines[k - 1].nodes - 1
    end, "CM5205")
    fails(function(lines) -- a branching
      local node, k = find(lines, "node", "facility")
      if not node then node, k = find(lines, "node", "stage") end
      node.facility, node.stage, node.options = nil, nil, nil
      local last = select(2, find(lines, "end"))
      for _ = k + 1, last - 1 do table.remove(lines, k + 1) end
      lines[k + 1].nodes = node.node
    end, "is not closed")
    fails(function(lines) find(lines, "relaxation").loose = nil end, "CM5205")
    fails(function(lines) find(lines, "relaxation").blocks = { { 1, 2 } } end, "CM5205")
  end)

  it("fails when a byte of it is another", function()
    local draw, s = draws "bytes", forged((tree()))
    for _ = 1, 60 do
      local at = 1 + math.floor(draw() * (#s - 1))
      local was = s:byte(at)
      local other = was == 0x39 and "8" or string.char(was ~ 1)
      local result = verify(s:sub(1, at - 1) .. other .. s:sub(at + 1))
      assert.is_false(result.pass)
    end
    for _, length in ipairs{ 0, 10, #s // 2, #s - 1 } do
      assert.equal("CM5205", verify(s:sub(1, length)).refused)
    end
    assert.equal("CM5205", verify(s .. "{}\n").refused)
  end)

  it("does not change the answer", function()
    local _, t = tree()
    local p = core.locate(t)
    assert.same(p:solve():figures(), p:solve{ record = true }:figures())
  end)

  it("of value that compounds proves by multipliers what they closed in the search", function()
    local draw, needed = draws "priced", 0
    for _ = 1, 6 do
      local t = placements.problem({ compounding = true, facility = true, rule = true, stages = 6,
        dag = true }, draw)
      local s, figures = solved(t, { method = "branch" })
      assert.same(core.locate(t):solve{ method = "branch" }:figures(), figures)
      assert(verify(s).pass)
      local lines = lines_of(s)
      for _, line in ipairs(lines) do line.rounds = nil end
      if not verify(forged(lines)).pass then needed = needed + 1 end
    end
    assert(needed > 1)
  end)

  it("prices a problem that costs no more than the compounding one, in any choice", function()
    local draw, tried, equal = draws "below", 0, 0
    for n = 1, 15 do
      local t = placements.problem({ dag = n % 2 == 0, compounding = true, facility = n % 3 > 0,
        rule = true, join = n % 4 == 0, stages = 3, maximise = n % 5 == 0 }, draw)
      local q
      for _, line in ipairs(lines_of((solved(t, { method = "branch" })))) do
        if line.is == "plan" then break end
        if line.is == "certificate" then q = problem.new(line) else problem.add(q, line) end
      end
      problem.close(q)
      local below, choice = linear.below(q), {}
      local function go(s)
        for o = q.stages[s].first, q.stages[s].last do
          choice[s] = o
          if s < #q.stages then
            go(s + 1)
          else
            local above = q.sign * problem.evaluate(q, choice)
            local less = q.sign * problem.evaluate(below, choice)
            if math.abs(above) < math.huge then
              local off = (less - above) / math.max(1, math.abs(above))
              assert(off < 1e-12)
              tried, equal = tried + 1, equal + (off > -1e-12 and 1 or 0)
            end
          end
        end
      end
      go(1)
    end
    assert(tried > 1000 and equal > 20) -- it is no more than it has to be
  end)

  --- A problem with a plan that branches meet again in, whose certificate has an elimination.
  local function eliminated(name, compounding)
    local draw = draws(name)
    while true do
      local t = placements.problem({ dag = true, join = true, stages = 4,
        compounding = compounding }, draw)
      local s, figures = solved(t, { method = "junction" })
      if figures.status == "optimal" then return lines_of(s), figures, t end
    end
  end

  it("by elimination fails when a part of it is another", function()
    for _, compounding in ipairs{ false, true } do
      local function fails(change, what)
        local lines, figures = eliminated("eliminated", compounding)
        assert(find(lines, "elimination"))
        assert(verify(forged(lines)).pass)
        change(lines, figures.objective)
        local result = verify(forged(lines))
        assert.is_false(result.pass)
        local said = result.refused or result.faults[1]
        assert(said:find(what, 1, true), said .. ", not " .. what)
        return result, figures
      end
      local function claim(more)
        return function(lines, objective) find(lines, "plan").certified = objective + more end
      end
      local result, figures = fails(claim(0.01), "by elimination the optimum is")
      assert.near(figures.objective, result.bound, 1e-9)
      fails(claim(-1), "called optimal, but the gap is")
      fails(function(lines) -- no plan at all
        local plan = find(lines, "plan")
        plan.status, plan.certified, plan.options, plan.objective = "infeasible", "Inf", nil, nil
      end, "by elimination the optimum is")
      fails(function(lines) -- a cheaper way that the plan does not take
        local plan, o = find(lines, "plan"), 0
        for _, line in ipairs(lines) do
          local options = line.is == "stage" and #line.options > 1 and line.options or {}
          for k, option in ipairs(options) do
            local taken = false
            for _, c in ipairs(plan.options) do taken = taken or c == o + k end
            if not taken then option.cost = 0 end
          end
          o = o + (line.is == "stage" and #line.options or 0)
        end
      end, "by elimination the optimum is")
      fails(function(lines) find(lines, "elimination").is = "eliminated" end, "CM5205")
      fails(function(lines) -- twice
        local line, k = find(lines, "elimination")
        table.insert(lines, k, line)
      end, "CM5205")
      fails(function(lines) table.remove(lines, (select(2, find(lines, "elimination")))) end,
        "CM5205")
      fails(function(lines) -- rules that it does not count
        local _, k = find(lines, "measure")
        table.insert(lines, k + 1, { is = "measure", name = "rule", lower = -5 })
      end, "CM5205")
    end
  end)

  it("by elimination says where a chain is too wide to be checked", function()
    local stages, places = 12, 8 -- each stage with all of those after it: 8^11 and more
    local t = { places = places, operators = 1, count = {}, place = {}, operator = {}, cost = {},
      arcs = placements.columns("from", "to", "quantity", "add"), place_matrices = { {} },
      measures = { weight = { 1 }, lower = { 0 }, upper = { 0 } } }
    for k = 1, places * places do t.place_matrices[1][k] = k % (places + 1) == 1 and 0 or 1 end
    for s = 1, stages do
      t.count[s] = places
      for place = 1, places do
        local o = #t.place + 1
        t.place[o], t.operator[o], t.cost[o] = place, 1, place
      end
      for to = s + 1, stages do
        placements.push(t.arcs, { from = s, to = to, quantity = 1, add = 1 })
      end
    end
    local lines = lines_of((solved(t, {})))
    for k = #lines, 1, -1 do
      if lines[k].is == "relaxation" or lines[k].is == "node" then table.remove(lines, k) end
    end
    assert.is_nil(find(lines, "elimination"))
    table.insert(lines, #lines, { is = "elimination" })
    lines[#lines].nodes = 0
    local result = verify(forged(lines))
    assert.is_false(result.pass)
    assert.matches("not checked: elimination takes more than 3e+08", result.faults[1], 1, true)
    assert.is_nil(result.bound)
  end)

  it("is by elimination where a junction tree is small, and by a tree where not", function()
    local function web(stages)
      local list = {}
      for s = 1, stages do
        local uses = {}
        for k = 1, s - 1 do uses[k] = list[k][1] end
        list[s] = { "s" .. s, at = { "CHN", "ETH", "KEN", "USA" }, adds = 1, uses = uses }
      end
      return cm.chain{ name = "web", market = "USA", stages = list, trade = { freight = 0.1 } }
    end
    for stages, method in pairs{ [4] = "junction tree", [14] = "branch and bound" } do -- any order
      local plan = web(stages):locate{ certificate = true, nodes = 1 }
      assert.equal(method, plan.method)
      local path = os.tmpname() .. ".certificate"
      plan:save(path)
      local result = cm.verify(path)
      os.remove(path)
      assert(result.pass, tostring(result))
      assert.equal(method == "junction tree", result.work ~= nil)
    end
  end)

  it("of a bound by CBC says that it is not certified", function()
    local _, t = tree()
    local result = verify((solved(t, { method = "program" })))
    assert(result.pass)
    assert.is_nil(result.bound)
    assert.matches("by CBC, not certified", tostring(result))
  end)

  it("is saved by plans in the author's names", function()
    local function bus()
      return cm.chain{ name = "electric bus", market = "BRA", home = "CHN",
        stages = {
          { "cells", at = "CHN", adds = 60 },
          { "pack", at = { "CHN", "BRA" }, by = { "CHN", "BRA" }, adds = { CHN = 20, BRA = 24 },
            uses = "cells" },
          { "body", at = { "CHN", "BRA" }, adds = { CHN = 70, BRA = 88 } },
          { "assembly", at = { "CHN", "BRA" }, adds = { CHN = 30, BRA = 33 },
            uses = { "pack", "body" } } },
        places = { BRA = { setup = { body = 4 } } },
        colocate = { "body", "assembly" },
        trade = { freight = 0.05, tariff = { BRA = { assembly = 0.35, pack = 0.18 } } } }
    end
    local path = os.tmpname() .. ".certificate"
    for _, asked in ipairs{ {}, { subject = { cost = { max = 100 } } }, { nodes = 1 },
      { maximise = "value.CHN", subject = { cost = { max = 230 } } },
      { modes = { host = "BRA", "export", "fdi" } } } do
      asked.certificate = true
      local plan = bus():locate(asked)
      plan:save(path)
      local result = cm.verify(path)
      assert(result.pass, tostring(result))
      assert.equal(plan.status, result.status)
      if plan.objective then assert.near(plan.objective, result.objective, 1e-9) end
    end
    local file = assert(io.open(path))
    local s = file:read "a"
    file:close()
    os.remove(path)
    assert.matches('"label":"BRA', s, 1, true)
    assert.matches('"name":"assembly"', s, 1, true)
    local ok, err = pcall(bus():locate{ subject = { cost = { max = 230 } } }.save,
      bus():locate{ subject = { cost = { max = 230 } } }, path)
    assert.is_false(ok)
    assert.equal("CM2047", err.number)
  end)
end)

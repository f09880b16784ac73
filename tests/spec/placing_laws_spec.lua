--- What holds of every placement, on small random problems: a rule that is relaxed costs nothing,
--- stages that may not be parted are those whose places are equal, and a search that is cut short
--- has a bound below every plan and a plan above it.

local core = require "capmod.core"
local random = require "capmod.random"

local placements = dofile "tests/support/placements.lua"

local KINDS = {
  { "additive", { dag = true, facility = true, rule = true, join = true, tie = true } },
  { "additive, maximised", { facility = true, rule = true, join = true, maximise = true } },
  { "compounding", { dag = true, compounding = true, facility = true, rule = true, join = true,
    tie = true } },
  { "aggregates", { compounding = true, aggregate = true, rule = true, join = true } },
}

-- Stages 1 and the last joined, mostly without an arc between them.
local JOINED = {
  { "additive", { stages = 3, facility = true, join = true } },
  { "compounding", { stages = 3, compounding = true, facility = true, join = true } },
  { "aggregates", { stages = 3, compounding = true, aggregate = true, join = true } },
}

--- Calls f with 30 problems of a kind, and draws.
local function each_problem(entry, f)
  local stream = random{ seed = 5, stream = entry[1] }
  local function draw() return stream:uniform() end
  for _ = 1, 30 do f(placements.problem(entry[2], draw), draw) end
end

--- The best objective in the sense of minimising; infinite where there is no plan.
local function least(t)
  local f = core.locate(t):solve{ method = "branch" }:figures()
  assert.is_true(f.status == "optimal" or f.status == "infeasible")
  return f.objective and (t.maximise and -1 or 1) * f.objective or math.huge
end

--- Ways to relax a problem, each of which undoes itself: { text, list, index, value }.
local function relaxations(t, draw)
  local list = {}
  local function relax(text, values, k, value) list[#list + 1] = { text, values, k, value } end
  for k = 2, #t.measures.weight do
    local lower, upper = t.measures.lower[k], t.measures.upper[k]
    if lower > -math.huge then relax("a lower bound", t.measures.lower, k, lower - draw()) end
    if upper < math.huge then relax("an upper bound", t.measures.upper, k, upper + 10 * draw()) end
  end
  for f, capacity in ipairs(t.facilities.capacity) do
    if capacity < math.huge then
      relax("a capacity", t.facilities.capacity, f, capacity * (1 + draw()))
    end
  end
  for m, matrix in ipairs(t.place_matrices) do
    for k, cell in ipairs(matrix) do
      -- what is free cannot cost less; a factor of 1 neither
      if cell == math.huge then relax("a forbidden pair", matrix, k, m == 2 and 1 or 0) end
    end
  end
  if t.joins[1] then relax("a join", t, "joins", {}) end
  return list
end

describe("of every placement", function()
  for _, entry in ipairs(KINDS) do
    it("a relaxed rule never costs more: " .. entry[1], function()
      local cheaper, tried = 0, 0
      each_problem(entry, function(t, draw)
        local before = least(t)
        for _, one in ipairs(relaxations(t, draw)) do
          local text, values, k, value = table.unpack(one)
          local was = values[k]
          values[k] = value
          local after = least(t)
          values[k] = was
          tried = tried + 1
          local room = before < math.huge and 2e-6 * math.max(1, math.abs(before)) or 0
          assert(after <= before + room, ("%s: %s in place of %s"):format(text, after, before))
          if after < before - room then cheaper = cheaper + 1 end
        end
      end)
      assert.is_true(tried > 100 and cheaper > 5)
    end)

    it("a bound is below every plan, wherever it is cut: " .. entry[1], function()
      local cut = 0
      each_problem(entry, function(t)
        local p, sign = core.locate(t), t.maximise and -1 or 1
        local best = sign * placements.enumerate(p, t)
        for nodes = 1, 3 do
          local f = p:solve{ method = "branch", nodes = nodes }:figures()
          local room = 1e-6 * math.max(1, best < math.huge and math.abs(best) or 1)
          if f.bound then assert.is_true(sign * f.bound <= best + room) end
          if f.objective then assert.is_true(sign * f.objective >= best - room) end
          cut = cut + (f.stop == "nodes" and 1 or 0)
        end
      end)
      assert.is_true(cut > 5)
    end)
  end

  for _, entry in ipairs(JOINED) do
    it("what may not be parted has equal places: " .. entry[1], function()
      local alike, plans = 0, 0
      each_problem(entry, function(t)
        local list, there = t.ties or t.arcs, false
        local from, to = t.joins[1], t.joins[2]
        for k, one in ipairs(list.from) do
          there = there or one == from and list.to[k] == to or one == to and list.to[k] == from
        end
        if there then return end
        local joined, equal = least(t), {}
        for i = 1, t.places * t.places do
          equal[i] = (i - 1) % (t.places + 1) == 0 and 0 or math.huge
        end
        t.joins, t.place_matrices[#t.place_matrices + 1] = {}, equal
        if t.compounding then
          t.ties = t.ties or placements.columns("from", "to", "pairs")
          placements.push(t.ties, { from = from, to = to, pairs = #t.place_matrices })
        else
          placements.push(t.arcs, { from = from, to = to, quantity = 1, add = #t.place_matrices,
            times = 0, interface = 0, weight = 0 })
        end
        local tied = least(t)
        if joined == math.huge or tied == math.huge then
          assert.equal(joined, tied)
        else
          assert.near(joined, tied, 4e-6 * math.max(1, math.abs(joined)))
          plans = plans + 1
        end
        alike = alike + 1
      end)
      assert.is_true(alike > 5 and plans > 3)
    end)
  end
end)

-- intermediates.lua [BEFORE AFTER]: the rise of intermediates. Output that is used up in making
-- other output grows faster than final demand where production is cut into more steps; its change
-- is shared out among what changed. BEFORE and AFTER are tables of one edition, in one unit
-- (deflate them yourself if prices moved); left out, the world of 2000 is compared with itself
-- after US makers of transport equipment buy half of their parts abroad.
local cm = require "capmod"

local before, after = ...
local a, b
if after then
  a, b = cm.read(before), cm.read(after)
else
  a = cm.data.world
  b = a:shift{ input = "D34t35", buyer = "USA.D34t35", from = "USA", to = "MEX", share = 0.5 }
    :with{ name = "parts from Mexico" }
end

-- 1. How much of output is intermediate, and how much of that crosses a border?
local rows = {}
for i, m in ipairs{ a, b } do
  local f = m:indicators{ "PROD", "EXGR_INT", "EXGR_FNL" }
  local output = f:sum "PROD"
  rows[i] = { table = m.year and before and tostring(m.year) or m.name, output = output,
    inputs = (output - m.Y:sum()) / output, traded = f:sum "EXGR_INT" / (output - m.Y:sum()),
    exports = f:sum "EXGR_INT" / (f:sum "EXGR_INT" + f:sum "EXGR_FNL") }
end
print(cm.frame{ title = "intermediates in the world", unit = a.unit, keys = { "table" },
  rows = rows, cols = { { name = "table" }, { name = "output", digits = 0 },
    { name = "inputs", format = "percent", label = "intermediate" },
    { name = "traded", format = "percent", label = "· traded" },
    { name = "exports", format = "percent", label = "of exports" } } })

-- 2. Why did output change? Technology and sourcing are about inputs, the rest about final demand.
local why = cm.sda{ from = a, to = b, indicator = "output",
  factors = { "technology", "sourcing", "level", "mix", "final_sourcing" } }
print(why)

-- 3. Intermediates are output less final demand: what is left of each effect.
local final = b.Y:sum() - a.Y:sum()
local inputs = b.x:sum() - a.x:sum() - final
print(("intermediates change by %.0f, final demand by %.0f"):format(inputs, final))

-- broken_link.lua [FILE [SELLER BUYER]]: what a broken link costs. SELLER (Taiwan's electrical and
-- optical equipment) no longer delivers to BUYER (the USA), and nobody takes its place: the most
-- that can be lost, not a forecast. FILE is a table; the world of 2000 if left out.
local cm = require "capmod"

local file, seller, buyer = ...
local m = file and cm.read(file) or cm.data.world
seller, buyer = seller or "TWN.D30t33", buyer or "USA"

-- 1. One link.
m:extract{ flow = { from = seller, to = buyer } }:show{ rows = 6 }

-- 2. The seller as a whole: it neither sells nor buys.
m:extract{ node = seller }:show{ rows = 6 }

-- 3. Which foreign industry would the buyer miss most? Every industry of the world in turn.
local each = m:extract{ each = "node", by = "country", kind = "exports" }
local loss = {}
for row in each:rows() do
  if not row.node:find(buyer .. ".", 1, true) then
    loss[#loss + 1] = { node = row.node, lost = row[buyer] }
  end
end
print(cm.frame{ title = ("value added that %s loses without the exports of"):format(buyer),
  unit = m.unit, keys = { "node" }, rows = loss, bar = "lost",
  cols = { { name = "node" }, { name = "lost", digits = 0 } } }:top(6))

-- 4. If the buyer makes it at home instead: the same purchases, moved. Output is solved again.
local from, product = seller:match "^(.-)%.(.+)$"
local moved = m:shift{ input = product, buyer = buyer, from = from, to = buyer, share = 1 }
print(cm.compare{ m, moved:with{ name = "made at home" }, ask = "value_added",
  by = "country" }:top(6, "change"))

-- real_table.lua FILE [PRODUCT]: where does the value in a product come from, by a table of yours?
-- FILE is in any layout that capmod reads; PRODUCT is COUNTRY.SECTOR as the table labels it, and
-- US transport equipment (motor vehicles, where the table has them apart) if left out.
local cm = require "capmod"

local file, product = ...
if not file then error("usage: capmod run examples/real_table.lua FILE [PRODUCT]", 0) end

local m = cm.read(file)
print(m)
print(m:check())

-- Who earns in all final demand: what the columns leave, and the published row alone.
m:value_added{ by = "country" }:show{ rows = 5 }
m:value_added{ by = "country", row = "VA" }:show{ rows = 5 }

-- And in one product.
if not product then
  for _, sector in ipairs(m.sectors) do
    if sector == "c15" or sector == "C29" or sector == "D34t35" then product = "USA." .. sector end
  end
end
m:value_added{ product = product, by = "country" }:show{ rows = 10 }

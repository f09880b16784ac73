-- footprint.lua [FILE [ACCOUNTS]]: where what a country consumes is made, by whom, and who else's
-- work it is. FILE is a table by the industries of WIOD 2013, ACCOUNTS its socio-economic accounts;
-- the world of 2000 that comes with capmod, and value added alone, if left out.
local cm = require "capmod"

local file, accounts = ...
local m = file and cm.read(file) or cm.data.world

-- 1. Value added: whose income is in what the USA consumes and invests?
m:footprint{ destination = "USA" }:show{ rows = 6 }
m:footprint{ destination = "USA", by = "sector" }:show{ rows = 4 }
if not accounts then return end

-- 2. Work: how many persons it takes, and where they are.
local work = m:attach{ accounts, rows = { "EMP" }, missing = "zero" }
work:footprint{ satellite = "EMP", destination = "USA" }:show{ rows = 6 }
work:accounts{ satellite = "EMP" }:sort{ by = "balance" }:show{ rows = 5 }

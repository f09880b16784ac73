---@meta capmod.core
--- What capmod.core holds besides its types (see matrix.lua, sparse.lua, table.lua, text.lua in
--- this folder). Scripts meet most of it through `require "capmod"`.

local core = {}

--- The engine's version, "major.minor.patch".
core.version = ""

--- Sets what is called now and then during long work, with what is being done and how far it is
--- (total 0: not known); returning false ends the work with CM6003. nil removes it.
---@param report? fun(what: string, done: number, total: number): boolean?
function core.progress(report) end

--- Tells it how far work in Lua is, and ends that as it ends the engine's. CM6003.
---@param what string
---@param done number
---@param total number
function core.step(what, done, total) end

--- Seconds that pass on a wall clock, from some start. Not for results, which are to be the same in
--- every run.
---@return number
function core.clock() end

--- How many threads the linear algebra takes, 0 leaves it to the library, and the search for a plan
--- where costs add up, where 0 is 1.
---@param n integer
function core.threads(n) end

--- Memory that the engine holds: bytes and blocks now, most bytes so far, the limit (0: none).
---@return integer bytes, integer blocks, integer peak, integer limit
function core.memory() end

return core

--- An installed prefix works, also where it was moved to another place.

local core = require "capmod.core"
local folder = debug.getinfo(1, "S").source:match "^@(.*)/[^/]*$"
local program = dofile(folder .. "/../support/program.lua")
local shell = program.shell

local build = core.home .. "/../.."

local function exists(path)
  local file = io.open(path)
  if file then file:close() end
  return file ~= nil
end

describe("an installed capmod", function()
  local prefix

  setup(function()
    if not exists(build .. "/cmake_install.cmake") then return end
    prefix = program.file("", "moved to"):match "^(.*)/"
    local first = prefix .. "/first"
    local install = "cmake --install '%s' --prefix '%s' && mv '%s' '%s/second'"
    local status, _, err = shell(install:format(build, first, first, prefix))
    assert(status == 0, err)
    prefix = prefix .. "/second"
  end)

  teardown(function()
    if prefix then shell(("rm -r '%s'"):format(prefix)) end
  end)

  local function check(name, f)
    it(name, function()
      if not prefix then pending "not run from a build tree" end
      f()
    end)
  end

  check("runs an example from its own files", function()
    local status, out, err = shell(
      ("cd / && '%s/bin/capmod' '%s/share/capmod/examples/shoes.lua'"):format(prefix, prefix))
    assert.equal(0, status, err)
    local _, here = program.run(core.home .. "/examples/shoes.lua")
    assert.equal(here, out)
    local _, home = shell(
      ("'%s/bin/capmod' -e 'print(require(\"capmod.core\").home)'"):format(prefix))
    assert.equal(prefix .. "/share/capmod\n", home)
  end)

  check("has a manual page and no tests", function()
    assert.is_true(exists(prefix .. "/share/man/man1/capmod.1"))
    assert.is_false(exists(prefix .. "/share/capmod/scripts/test"))
  end)

  check("gives the engine to C programs by pkg-config", function()
    if shell(("grep -q '^CAPMOD_SANITIZE:STRING=.' '%s/CMakeCache.txt'"):format(build)) == 0 then
      pending "an instrumented engine links only with its sanitizer"
    end
    local source = program.file([[
      #include <capmod/capmod.h>
      #include <stdio.h>
      int main(void) { return puts(cm_version()) < 0; }
    ]], "uses.c")
    local status, out, err = shell(([[
      PKG_CONFIG_PATH=$(dirname $(find '%s' -name capmod.pc)); export PKG_CONFIG_PATH
      cc %s $(pkg-config --cflags --libs capmod) -o %s.out && %s.out]]):format(
      prefix, source, source, source))
    assert.equal(0, status, err)
    assert.equal(core.version .. "\n", out)
  end)
end)

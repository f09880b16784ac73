--- capmod run FILE: runs a scenario file.

return function(arguments)
  local errors = require "capmod.errors"
  local chunk, problem
  if arguments[1] == "-e" then
    chunk, problem = load(arguments[2], "=(command line)", "t")
  else
    chunk, problem = loadfile(arguments[1], "t")
  end
  if not chunk then
    io.stderr:write(problem, "\n")
    return 1
  end
  local ok, e = xpcall(chunk, function(e)
    return errors.is(e) and e or debug.traceback(tostring(e), 2)
  end)
  if ok then return 0 end
  io.stderr:write(tostring(e), "\n")
  return 1
end

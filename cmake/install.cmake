# <prefix>/bin/capmod finds <prefix>/share/capmod beside itself; capmod.pc finds
# the engine likewise.
file(RELATIVE_PATH CAPMOD_PC_UP /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
string(REGEX REPLACE "/$" "" CAPMOD_PC_UP "${CAPMOD_PC_UP}")
configure_file(cmake/capmod.pc.in ${CMAKE_BINARY_DIR}/capmod.pc @ONLY)

install(TARGETS capmod_engine ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY engine/include/capmod DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES ${CMAKE_BINARY_DIR}/capmod.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES docs/man/capmod.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)

if(TARGET capmod)
  install(TARGETS capmod RUNTIME DESTINATION bin)
  install(DIRECTORY stdlib examples DESTINATION share/capmod)
  install(FILES scripts/main.lua DESTINATION share/capmod/scripts)
  install(DIRECTORY scripts/cli DESTINATION share/capmod/scripts)
endif()

# cmake -DPROGRAM=… -DNM=… -P CheckNoNetwork.cmake: fails when the program holds a function that opens a connection.
execute_process(COMMAND "${NM}" "${PROGRAM}" OUTPUT_VARIABLE symbols RESULT_VARIABLE failed)
if(failed OR NOT symbols MATCHES "git_libgit2_init")
  message(FATAL_ERROR "${PROGRAM}: cannot read its symbols")
endif()
set(functions socket socketpair connect accept listen getaddrinfo gethostbyname gethostbyname_r send sendto sendmsg recv
              recvfrom recvmsg)
list(JOIN functions "|" names)
string(REGEX MATCHALL "[ \t](__)?(${names}|libssh2_[a-z_0-9]+|mbedtls_ssl_[a-z_0-9]+|SSL_[a-z_0-9]+|gss_[a-z_0-9]+)\n" found
                      "${symbols}")
if(found)
  message(FATAL_ERROR "${PROGRAM} holds network code:${found}")
endif()

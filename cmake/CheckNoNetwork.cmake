# cmake -DPROGRAM=… -DNM=… -P CheckNoNetwork.cmake: fails when the program holds, or asks for, a function that opens a
# connection or speaks a protocol over one. What hook/static/net_stubs.c defines is no such function: it only takes an
# address apart, or sets a variable.
execute_process(COMMAND "${NM}" "${PROGRAM}" OUTPUT_VARIABLE symbols RESULT_VARIABLE failed)
if(failed OR NOT symbols MATCHES "git_libgit2_init")
  message(FATAL_ERROR "${PROGRAM}: cannot read its symbols")
endif()
set(functions
    # The C library: sockets, and names of hosts.
    "_*(socket|socketpair|connect|accept4?|listen|send|sendto|sendmm?sg|recv|recvfrom|recvmm?sg)"
    "_*(getaddrinfo|gethostby[a-z_0-9]+|res_n?(init|query|search|send))"
    # libgit2's transports, and the libraries below them.
    "git_(smart|http|ssh|winhttp)_[a-z_0-9]+|git_(mbedtls|openssl|socket|tls)_stream_new"
    "libssh2_[a-z_0-9]+|mbedtls_ssl_[a-z_0-9]+|SSL_[A-Za-z_0-9]+|gss_[a-z_0-9]+|http_parser_execute|curl_[a-z_0-9]+")
list(JOIN functions "|" names)
string(REGEX MATCHALL " [TtWwiU] (${names})(@[^\n]*)?\n" found "${symbols}")
if(found)
  string(REPLACE ";" "" found "${found}")
  message(FATAL_ERROR "${PROGRAM} holds network code:\n${found}")
endif()

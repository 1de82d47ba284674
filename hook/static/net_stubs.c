// Takes the network out of a statically linked libgit2.
//
// libgit2 keeps its transports behind the few functions and variables below. Defined here, they are found before the
// archive is searched, so that the linker never takes in the members that hold TLS, SSH, HTTP and sockets: the hook can
// attest that it has no network code (the test hook.no_network looks for it), needs none of libmbedtls, libmbedx509,
// libssh2, libgssapi (which Debian has no archive of) and libhttp_parser, and git_libgit2_init() does not parse every
// certificate of the system (3.9 ms of the 4 that it takes).
//
// The names are libgit2's own and not part of its interface: cmake/StaticHook.cmake tries the link and a run, and falls
// back to the shared library when another version of libgit2 does it otherwise.
#include <errno.h>
#include <pwd.h>
#include <stdbool.h>
#include <stddef.h>

int git_mbedtls_stream_global_init(void);
int git_openssl_stream_global_init(void);
int git_stream_registry_global_init(void);
int git_transport_ssh_global_init(void);
int git_mbedtls__set_cert_location(const char* file, const char* path);
int git_transport_new(void** out, void* owner, const char* url);
int git_push_new(void** out, void* remote, const void* options);
int git_push_add_refspec(void* push, const char* refspec);
int git_push_finish(void* push);
int git_push_status_foreach(void* push, void* callback, void* data);
int git_push_update_tips(void* push, const void* callbacks);
void git_push_free(void* push);
int http_parser_parse_url(const char* text, size_t length, int is_connect, void* url);

// What git_libgit2_init() runs, one after the other: 0 is "ready". Without them no stream can be opened, and no scheme
// has a transport.
int git_mbedtls_stream_global_init(void) { return 0; }
int git_openssl_stream_global_init(void) { return 0; }
int git_stream_registry_global_init(void) { return 0; }
int git_transport_ssh_global_init(void) { return 0; }

// What git_libgit2_opts() sets for transports that are not there.
extern bool git_http__expect_continue;
extern bool git_smart__ofs_delta_enabled;
bool git_http__expect_continue = false;
bool git_smart__ofs_delta_enabled = true;
int git_mbedtls__set_cert_location(const char* file, const char* path) {
  (void)file;
  (void)path;
  return -1;
}

// The one door from a remote to the network: shut.
int git_transport_new(void** out, void* owner, const char* url) {
  (void)owner;
  (void)url;
  *out = NULL;
  return -1;
}

// Pushing packs objects in threads, and a static pthread_create() brings the resolver of glibc, which is sockets.
int git_push_new(void** out, void* remote, const void* options) {
  (void)remote;
  (void)options;
  *out = NULL;
  return -1;
}
int git_push_add_refspec(void* push, const char* refspec) {
  (void)push;
  (void)refspec;
  return -1;
}
int git_push_finish(void* push) {
  (void)push;
  return -1;
}
int git_push_status_foreach(void* push, void* callback, void* data) {
  (void)push;
  (void)callback;
  (void)data;
  return -1;
}
int git_push_update_tips(void* push, const void* callbacks) {
  (void)push;
  (void)callbacks;
  return -1;
}
void git_push_free(void* push) { (void)push; }

// libgit2 takes the URLs of remotes apart with libhttp_parser. Not 0: "no URL".
int http_parser_parse_url(const char* text, size_t length, int is_connect, void* url) {
  (void)text;
  (void)length;
  (void)is_connect;
  (void)url;
  return 1;
}

// glibc's name service asks nscd through a socket and loads plugins, in static programs too. libgit2 wants it for the
// home directory of a setuid program, which the hook is not.
int getpwuid_r(uid_t uid, struct passwd* entry, char* buffer, size_t size, struct passwd** result) {
  (void)uid;
  (void)entry;
  (void)buffer;
  (void)size;
  *result = NULL;
  return ENOENT;
}

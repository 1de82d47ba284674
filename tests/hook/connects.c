// A program that cmake/CheckNoNetwork.cmake must refuse.
#include <stddef.h>
#include <sys/socket.h>

int git_libgit2_init(void);
int git_libgit2_init(void) { return connect(0, NULL, 0); }

int main(void) { return git_libgit2_init(); }

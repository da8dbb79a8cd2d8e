// A disk that is full while somebody says so, as LD_PRELOAD: writes below FULL_DISK_ROOT fail with ENOSPC as long as the file
// FULL_DISK_WHEN exists.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

static int is_full(void) {
  const char* when = getenv("FULL_DISK_WHEN");
  return when != NULL && access(when, F_OK) == 0;
}

static int refused(int fd) {
  char link[64], name[4096];
  const char* root = getenv("FULL_DISK_ROOT");
  if (root == NULL || !is_full()) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t size = readlink(link, name, sizeof name - 1);
  if (size < 0) return 0;
  name[size] = '\0';
  if (strncmp(name, root, strlen(root)) != 0) return 0;
  errno = ENOSPC;
  return 1;
}

#define NEXT(name) __typeof__(&name) next = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void* bytes, size_t size) {
  NEXT(write);
  return refused(fd) ? -1 : next(fd, bytes, size);
}
ssize_t pwrite(int fd, const void* bytes, size_t size, off_t at) {
  NEXT(pwrite);
  return refused(fd) ? -1 : next(fd, bytes, size, at);
}
ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t at) {
  NEXT(pwrite64);
  return refused(fd) ? -1 : next(fd, bytes, size, at);
}
int statvfs(const char* path, struct statvfs* out) {
  NEXT(statvfs);
  const int result = next(path, out);
  if (result == 0 && is_full()) out->f_bavail = out->f_bfree = 0;
  return result;
}
int statvfs64(const char* path, struct statvfs64* out) {
  NEXT(statvfs64);
  const int result = next(path, out);
  if (result == 0 && is_full()) out->f_bavail = out->f_bfree = 0;
  return result;
}

// A disk that forgets, as LD_PRELOAD. Keeps beside a folder a second one that holds only what has
// been synced; after a SIGKILL that second folder is what a power cut would have left at worst.
//
//   UNSYNCED_ROOT    folder that is watched (absolute, without links in it)
//   UNSYNCED_SHADOW  inodes/<n>: synced contents of file n; tree/: the synced names, as links
//   UNSYNCED_PLANT   "skip-fsync": syncing does nothing, a fault that a kill test must find
//
// A file's contents, length and (as on ext4) name are kept by fsync or fdatasync of it; renames,
// removals and other names by fsync of the folder. Memory-mapped writes are not seen.

#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { files_max = 4096, path_max = 4096, chunk = 1 << 16 };

// The stretch of each file that was written since its last sync.
static struct Dirty {
  ino_t inode;
  off_t from, to;
} dirty[files_max];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static const char* root(void) { return getenv("UNSYNCED_ROOT"); }
static const char* shadow(void) { return getenv("UNSYNCED_SHADOW"); }
static int planted(const char* what) {
  const char* plant = getenv("UNSYNCED_PLANT");
  return plant != NULL && strcmp(plant, what) == 0;
}

// Path below the root ("" for the root itself), or NULL when the file is elsewhere.
static const char* path_of(int fd, char* out) {
  char name[64];
  snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
  const ssize_t size = readlink(name, out, path_max - 1);
  const size_t head = root() != NULL ? strlen(root()) : 0;
  if (size < 0 || head == 0) return NULL;
  out[size] = '\0';
  if (strncmp(out, root(), head) != 0 || (out[head] != '/' && out[head] != '\0')) return NULL;
  return out + head;
}

static struct Dirty* dirty_of(ino_t inode) {
  struct Dirty* free_one = NULL;
  for (int i = 0; i < files_max; ++i) {
    if (dirty[i].inode == inode) return &dirty[i];
    if (dirty[i].inode == 0 && free_one == NULL) free_one = &dirty[i];
  }
  if (free_one == NULL) abort();
  *free_one = (struct Dirty){inode, 0, 0};
  return free_one;
}

static void wrote(int fd, off_t from, off_t to) {
  const int kept_errno = errno;
  char path[path_max];
  struct stat status;
  if (to > from && path_of(fd, path) != NULL && fstat(fd, &status) == 0) {
    pthread_mutex_lock(&lock);
    struct Dirty* it = dirty_of(status.st_ino);
    if (it->to == it->from) it->from = from, it->to = to;
    if (from < it->from) it->from = from;
    if (to > it->to) it->to = to;
    pthread_mutex_unlock(&lock);
  }
  errno = kept_errno;
}

static void inode_path(char* out, ino_t inode) {
  snprintf(out, path_max, "%s/inodes/%lu", shadow(), (unsigned long)inode);
}

// Makes tree/NAME a link to the synced contents, replacing what has that name.
static void link_name(ino_t inode, const char* below_root) {
  char from[path_max], to[path_max * 2], beside[path_max * 2 + 8];
  struct stat a, b;
  inode_path(from, inode);
  snprintf(to, sizeof to, "%s/tree%s", shadow(), below_root);
  if (stat(from, &a) == 0 && stat(to, &b) == 0 && a.st_ino == b.st_ino) return;
  snprintf(beside, sizeof beside, "%s.unsynced", to);
  unlink(beside);
  // Refused where the folder itself was never synced: then the file is not on the disk either.
  if (link(from, beside) != 0 && errno != ENOENT) abort();
  if (rename(beside, to) != 0 && errno != ENOENT) abort();
}

static void sync_file(int fd, const struct stat* status, const char* below_root) {
  char path[path_max], bytes[chunk];
  inode_path(path, status->st_ino);
  const int copy = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  const int source_flags = fcntl(fd, F_GETFL) & O_ACCMODE;
  char real[path_max];
  snprintf(real, sizeof real, "%s%s", root(), below_root);
  const int source = source_flags == O_WRONLY ? open(real, O_RDONLY | O_CLOEXEC) : fd;
  if (copy < 0 || source < 0) abort();
  struct Dirty* it = dirty_of(status->st_ino);
  for (off_t at = it->from; at < it->to;) {
    const off_t left = it->to - at;
    const ssize_t got = pread(source, bytes, left < chunk ? (size_t)left : chunk, at);
    if (got <= 0) break;
    static ssize_t (*real_pwrite)(int, const void*, size_t, off_t);
    if (real_pwrite == NULL) *(void**)&real_pwrite = dlsym(RTLD_NEXT, "pwrite");
    if (real_pwrite(copy, bytes, (size_t)got, at) != got) abort();
    at += got;
  }
  it->from = it->to = 0;
  static int (*real_truncate)(int, off_t);
  if (real_truncate == NULL) *(void**)&real_truncate = dlsym(RTLD_NEXT, "ftruncate");
  if (real_truncate(copy, status->st_size) != 0) abort();
  close(copy);
  if (source != fd) close(source);
  link_name(status->st_ino, below_root);
}

// Names that are there are kept, with the contents synced so far; others are forgotten.
static void sync_folder(const char* below_root) {
  char here[path_max * 2], there[path_max * 2], path[path_max * 3];
  struct stat status;
  snprintf(here, sizeof here, "%s%s", root(), below_root);
  snprintf(there, sizeof there, "%s/tree%s", shadow(), below_root);
  if (below_root[0] == '\0') mkdir(there, 0700);
  DIR* folder = opendir(here);
  for (struct dirent* entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
    if (entry->d_name[0] == '.') continue;
    snprintf(path, sizeof path, "%s/%s", here, entry->d_name);
    if (stat(path, &status) != 0) continue;
    snprintf(path, sizeof path, "%s/%s", below_root, entry->d_name);
    if (S_ISREG(status.st_mode)) {
      char contents[path_max];
      inode_path(contents, status.st_ino);
      const int made = open(contents, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
      if (made >= 0) close(made);
      link_name(status.st_ino, path);
    } else if (S_ISDIR(status.st_mode)) {
      snprintf(path, sizeof path, "%s/%s", there, entry->d_name);
      mkdir(path, 0700);
    }
  }
  if (folder != NULL) closedir(folder);
  folder = opendir(there);
  for (struct dirent* entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
    snprintf(path, sizeof path, "%s/%s", here, entry->d_name);
    if (entry->d_name[0] == '.' || stat(path, &status) == 0) continue;
    snprintf(path, sizeof path, "%s/%s", there, entry->d_name);
    unlink(path);
  }
  if (folder != NULL) closedir(folder);
}

static int sync_fd(int fd) {
  char path[path_max];
  struct stat status;
  const char* below = path_of(fd, path);
  if (below == NULL || shadow() == NULL || fstat(fd, &status) != 0) return 0;
  if (planted("skip-fsync")) return 0;
  if (status.st_nlink == 0) return 0;  // of a file without a name nothing stays
  pthread_mutex_lock(&lock);
  if (S_ISDIR(status.st_mode)) sync_folder(below);
  if (S_ISREG(status.st_mode) && strstr(below, "-shm") == NULL) sync_file(fd, &status, below);
  pthread_mutex_unlock(&lock);
  return 0;
}

int fsync(int fd) { return sync_fd(fd); }
int fdatasync(int fd) { return sync_fd(fd); }

// An inode's number may come again: a new file must not find the contents of an old one.
static int opened(int fd, int flags) {
  char path[path_max], contents[path_max];
  struct stat status;
  if (fd < 0 || (flags & O_CREAT) == 0 || shadow() == NULL) return fd;
  const int kept_errno = errno;
  const char* below = path_of(fd, path);
  if (below != NULL && fstat(fd, &status) == 0 && status.st_size == 0) {
    pthread_mutex_lock(&lock);
    inode_path(contents, status.st_ino);
    unlink(contents);
    struct Dirty* it = dirty_of(status.st_ino);
    it->from = it->to = 0;
    pthread_mutex_unlock(&lock);
  }
  errno = kept_errno;
  return fd;
}

#define NEXT(type, name, ...)       \
  static type (*next)(__VA_ARGS__); \
  if (next == NULL) *(void**)&next = dlsym(RTLD_NEXT, name)

#define OPEN(name)                                                         \
  int name(const char* path, int flags, ...) {                             \
    NEXT(int, #name, const char*, int, ...);                               \
    va_list more;                                                          \
    va_start(more, flags);                                                 \
    const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0; \
    va_end(more);                                                          \
    return opened(next(path, flags, mode), flags);                         \
  }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                       \
  int name(int folder, const char* path, int flags, ...) {                 \
    NEXT(int, #name, int, const char*, int, ...);                          \
    va_list more;                                                          \
    va_start(more, flags);                                                 \
    const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0; \
    va_end(more);                                                          \
    return opened(next(folder, path, flags, mode), flags);                 \
  }
OPENAT(openat)
OPENAT(openat64)

ssize_t write(int fd, const void* bytes, size_t size) {
  NEXT(ssize_t, "write", int, const void*, size_t);
  const ssize_t done = next(fd, bytes, size);
  const off_t end = done > 0 ? lseek(fd, 0, SEEK_CUR) : -1;
  if (end >= done) wrote(fd, end - done, end);
  return done;
}

ssize_t writev(int fd, const struct iovec* parts, int count) {
  NEXT(ssize_t, "writev", int, const struct iovec*, int);
  const ssize_t done = next(fd, parts, count);
  const off_t end = done > 0 ? lseek(fd, 0, SEEK_CUR) : -1;
  if (end >= done) wrote(fd, end - done, end);
  return done;
}

#define PWRITE(name)                                               \
  ssize_t name(int fd, const void* bytes, size_t size, off_t at) { \
    NEXT(ssize_t, #name, int, const void*, size_t, off_t);         \
    const ssize_t done = next(fd, bytes, size, at);                \
    if (done > 0) wrote(fd, at, at + done);                        \
    return done;                                                   \
  }
PWRITE(pwrite)
PWRITE(pwrite64)

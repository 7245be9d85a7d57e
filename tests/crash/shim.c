/* Stands between a process and the kernel: counts the calls that change files or move bytes over a
 * connection, and at the one asked for kills the process (before or after the call), or lets the disk be full from it on.
 *
 * Preloaded into the processes under test; they know nothing of it. Only calls on regular files,
 * folders and connections count (a call on a pipe changes no disk); calls that only read are left alone: a
 * kill at one leaves the disk as a kill after the last counted call does.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { OFF = 0, KILL_BEFORE = 1, KILL_AFTER = 2, DISK_FULL = 3, COUNT = 4 };

static int mode = OFF;
static long wanted = 0;
static long seen = 0;
static int trace = -1;

/* Called by the test's child through ctypes. */
void shim_arm(int new_mode, long nth, int trace_fd) {
    mode = new_mode;
    wanted = nth;
    seen = 0;
    trace = trace_fd;
}
long shim_seen(void) { return seen; }
void shim_disarm(void) { mode = OFF; }

static ssize_t (*real_write)(int, const void *, size_t);

static void note(const char *name, const char *path) {
    char line[4200];
    if (trace < 0) return;
    if (!real_write) real_write = dlsym(RTLD_NEXT, "write");
    int n = snprintf(line, sizeof line, "%s %s\n", name, path ? path : "");
    if (real_write(trace, line, n) < 0) _exit(99);
}

static void note_fd(const char *name, int fd) {
    char link[64], path[4096];
    if (trace < 0) return;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    path[n > 0 ? n : 0] = 0;
    note(name, path);
}

/* Counts a call and returns its number; other threads may make theirs before it ends. */
static long before(void) {
    long number = __atomic_add_fetch(&seen, 1, __ATOMIC_SEQ_CST);
    if (mode == KILL_BEFORE && number == wanted) kill(getpid(), SIGKILL);
    return number;
}
/* Returns 1 where the call of that number must fail for want of space. */
static int full(long number, int needs_space) {
    return mode == DISK_FULL && needs_space && number >= wanted;
}
static void after(long number) {
    int saved = errno;
    if (mode == KILL_AFTER && number == wanted) kill(getpid(), SIGKILL);
    errno = saved;
}

static int on_disk(int fd) {
    struct stat st;
    int saved = errno;
    int yes = fstat(fd, &st) == 0 && (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode));
    errno = saved;
    return yes && fd != trace;
}

#define FULL(value) do { errno = ENOSPC; return (value); } while (0)

#define ON_FD(type, name, space, params, args) \
    type name params { \
        static type (*real) params; \
        if (!real) real = dlsym(RTLD_NEXT, #name); \
        if (mode == OFF || !on_disk(fd)) return real args; \
        note_fd(#name, fd); \
        long number = before(); \
        if (full(number, space)) FULL(-1); \
        type result = real args; \
        after(number); \
        return result; \
    }

ON_FD(ssize_t, write, 1, (int fd, const void *data, size_t size), (fd, data, size))
ON_FD(ssize_t, pwrite, 1, (int fd, const void *data, size_t size, off_t at), (fd, data, size, at))
ON_FD(ssize_t, pwrite64, 1, (int fd, const void *data, size_t size, off64_t at), (fd, data, size, at))
ON_FD(int, fsync, 0, (int fd), (fd))
ON_FD(int, fdatasync, 0, (int fd), (fd))
ON_FD(int, ftruncate, 1, (int fd, off_t size), (fd, size))
ON_FD(int, ftruncate64, 1, (int fd, off64_t size), (fd, size))
ON_FD(int, fallocate, 1, (int fd, int how, off_t at, off_t size), (fd, how, at, size))

static int on_wire(int fd) {
    struct stat st;
    int saved = errno;
    int yes = fstat(fd, &st) == 0 && S_ISSOCK(st.st_mode);
    errno = saved;
    return yes;
}

#define ON_WIRE(name, params, args) \
    ssize_t name params { \
        static ssize_t (*real) params; \
        if (!real) real = dlsym(RTLD_NEXT, #name); \
        if (mode == OFF || !on_wire(fd)) return real args; \
        note(#name, ""); \
        long number = before(); \
        ssize_t result = real args; \
        after(number); \
        return result; \
    }

ON_WIRE(send, (int fd, const void *data, size_t size, int flags), (fd, data, size, flags))
ON_WIRE(recv, (int fd, void *data, size_t size, int flags), (fd, data, size, flags))

/* Gives its error back instead of setting errno. */
int posix_fallocate(int fd, off_t at, off_t size) {
    static int (*real)(int, off_t, off_t);
    if (!real) real = dlsym(RTLD_NEXT, "posix_fallocate");
    if (mode == OFF || !on_disk(fd)) return real(fd, at, size);
    note_fd("posix_fallocate", fd);
    long number = before();
    if (full(number, 1)) return ENOSPC;
    int result = real(fd, at, size);
    after(number);
    return result;
}

#define ON_PATH(name, space, path, params, args) \
    int name params { \
        static int (*real) params; \
        if (!real) real = dlsym(RTLD_NEXT, #name); \
        if (mode == OFF) return real args; \
        note(#name, path); \
        long number = before(); \
        if (full(number, space)) FULL(-1); \
        int result = real args; \
        after(number); \
        return result; \
    }

ON_PATH(rename, 0, to, (const char *from, const char *to), (from, to))
ON_PATH(renameat, 0, to, (int a, const char *from, int b, const char *to), (a, from, b, to))
ON_PATH(renameat2, 0, to, (int a, const char *from, int b, const char *to, unsigned f), (a, from, b, to, f))
ON_PATH(link, 1, to, (const char *from, const char *to), (from, to))
ON_PATH(linkat, 1, to, (int a, const char *from, int b, const char *to, int f), (a, from, b, to, f))
ON_PATH(unlink, 0, path, (const char *path), (path))
ON_PATH(unlinkat, 0, path, (int a, const char *path, int f), (a, path, f))
ON_PATH(mkdir, 1, path, (const char *path, mode_t bits), (path, bits))
ON_PATH(mkdirat, 1, path, (int a, const char *path, mode_t bits), (a, path, bits))
ON_PATH(rmdir, 0, path, (const char *path), (path))

static mode_t bits_of(int flags, va_list rest) {
    return (flags & (O_CREAT | __O_TMPFILE)) ? va_arg(rest, mode_t) : 0;
}

#define ON_OPEN(name, params, args) \
    int name params { \
        va_list rest; \
        static int (*real)(); \
        if (!real) real = (int (*)())dlsym(RTLD_NEXT, #name); \
        va_start(rest, flags); \
        mode_t bits = bits_of(flags, rest); \
        va_end(rest); \
        if (mode == OFF || !(flags & O_CREAT)) return real args; \
        note(#name, path); \
        long number = before(); \
        if (full(number, 1)) FULL(-1); \
        int result = real args; \
        after(number); \
        return result; \
    }

ON_OPEN(open, (const char *path, int flags, ...), (path, flags, bits))
ON_OPEN(open64, (const char *path, int flags, ...), (path, flags, bits))
ON_OPEN(openat, (int at, const char *path, int flags, ...), (at, path, flags, bits))
ON_OPEN(openat64, (int at, const char *path, int flags, ...), (at, path, flags, bits))

/* A disk that is full: files under FULL_UNDER may take FULL_BYTES more bytes in all, counted by
 * every process together in the file FULL_COUNT, where it may write to that. Preloaded; the
 * program knows nothing of it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static long *taken;
static long allowed;
static const char *under;

__attribute__((constructor)) static void begin(void) {
    const char *count = getenv("FULL_COUNT"), *bytes = getenv("FULL_BYTES");
    under = getenv("FULL_UNDER");
    if (!under || !count || !bytes) return;
    allowed = atol(bytes);
    int fd = open(count, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) { /* a program that may write into its own folder alone counts for itself */
        taken = mmap(NULL, sizeof *taken, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        return;
    }
    if (posix_fallocate(fd, 0, sizeof *taken) != 0) abort();
    taken = mmap(NULL, sizeof *taken, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
}

static int full(int fd, size_t size) {
    char link[64], path[4096];
    struct stat st;
    int saved = errno;
    if (!taken || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        errno = saved;
        return 0;
    }
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    path[n > 0 ? n : 0] = 0;
    errno = saved;
    if (strncmp(path, under, strlen(under)) != 0) return 0;
    if (__sync_add_and_fetch(taken, (long)size) <= allowed) return 0;
    errno = ENOSPC;
    return 1;
}

#define NEXT(name) static __typeof__(&name) next; if (!next) next = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *data, size_t size) {
    NEXT(write);
    return full(fd, size) ? -1 : next(fd, data, size);
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
    NEXT(pwrite);
    return full(fd, size) ? -1 : next(fd, data, size, at);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    NEXT(pwrite64);
    return full(fd, size) ? -1 : next(fd, data, size, at);
}
ssize_t copy_file_range(int from, off64_t *a, int to, off64_t *b, size_t size, unsigned flags) {
    NEXT(copy_file_range);
    return full(to, size) ? -1 : next(from, a, to, b, size, flags);
}

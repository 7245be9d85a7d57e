/* A token maker's PKCS#11 library that behaves as some do: it passes everything on to SoftHSM, but
   for what the file named by VENDOR_ORDER asks for at that moment:

   locked   a login finds the PIN locked        final    the token says that one try is left
   crash    a signature ends the process        hang     a signature never ends
   removed  a signature finds no device

   Every login adds a byte to VENDOR_ORDER.logins; a hang makes the file VENDOR_ORDER.hangs. */
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef unsigned long ulong_t;
struct functions {
    unsigned char version[2];
    void *at[68];
};
enum { GET_TOKEN_INFO = 6, LOGIN = 18, SIGN = 43 };
enum { OK = 0, DEVICE_REMOVED = 0x32, PIN_LOCKED = 0xA4 };
enum { FLAGS = 96, FINAL_TRY = 0x20000 };

static struct functions ours, *real;

static int ordered(const char *word) {
    char said[32] = "";
    FILE *file = fopen(getenv("VENDOR_ORDER"), "r");
    if (file) {
        if (!fgets(said, sizeof said, file)) said[0] = 0;
        fclose(file);
    }
    said[strcspn(said, "\n")] = 0;
    return strcmp(said, word) == 0;
}

static void mark(const char *suffix) {
    char path[4096];
    snprintf(path, sizeof path, "%s.%s", getenv("VENDOR_ORDER"), suffix);
    int file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (write(file, "x", 1) != 1) abort();
    close(file);
}

static ulong_t get_token_info(ulong_t slot, unsigned char *info) {
    ulong_t (*pass)(ulong_t, unsigned char *) = real->at[GET_TOKEN_INFO];
    ulong_t answer = pass(slot, info);
    if (answer == OK && ordered("final")) {
        ulong_t flags;
        memcpy(&flags, info + FLAGS, sizeof flags);
        flags |= FINAL_TRY;
        memcpy(info + FLAGS, &flags, sizeof flags);
    }
    return answer;
}

static ulong_t login(ulong_t session, ulong_t user, unsigned char *pin, ulong_t length) {
    ulong_t (*pass)(ulong_t, ulong_t, unsigned char *, ulong_t) = real->at[LOGIN];
    mark("logins");
    return ordered("locked") ? PIN_LOCKED : pass(session, user, pin, length);
}

static ulong_t sign(ulong_t session, unsigned char *data, ulong_t length, unsigned char *out,
                    ulong_t *most) {
    ulong_t (*pass)(ulong_t, unsigned char *, ulong_t, unsigned char *, ulong_t *) = real->at[SIGN];
    if (ordered("crash")) raise(SIGSEGV);
    if (ordered("removed")) return DEVICE_REMOVED;
    if (ordered("hang")) {
        mark("hangs");
        for (;;) pause();
    }
    return pass(session, data, length, out, most);
}

ulong_t C_GetFunctionList(struct functions **list) {
    void *library = dlopen(getenv("VENDOR_REAL"), RTLD_NOW | RTLD_LOCAL);
    if (!library) return 5;
    ulong_t (*get)(struct functions **) = dlsym(library, "C_GetFunctionList");
    ulong_t answer = get(&real);
    if (answer != OK) return answer;
    ours = *real;
    ours.at[GET_TOKEN_INFO] = get_token_info;
    ours.at[LOGIN] = login;
    ours.at[SIGN] = sign;
    *list = &ours;
    return OK;
}

/* A worker of a Dyad parent: answers each message with its text in upper case, until the parent has no more to ask.
   A message is its length in four bytes, big-endian, and so many bytes. */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int fail(const char *why) {
    fprintf(stderr, "worker.c: %s\n", why);
    return 1;
}

int main(void) {
    const char *number = getenv("DYAD_FD");
    int fd = number ? atoi(number) : 3;
    FILE *in = fdopen(fd, "r"), *out = fdopen(dup(fd), "w");
    uint32_t head;
    size_t came;

    if (!in || !out) {
        return fail("there is no such descriptor");
    }
    while ((came = fread(&head, 1, sizeof head, in)) == sizeof head) {
        size_t length = ntohl(head);
        if (length > INT32_MAX) {
            return fail("a message of 2 GiB or more");
        }
        char *text = malloc(length + 1);
        if (!text) {
            return fail("no memory for a message");
        }
        if (fread(text, 1, length, in) < length) {
            return fail("a message is cut");
        }
        for (size_t i = 0; i < length; i++) {
            text[i] = (char)toupper((unsigned char)text[i]);
        }
        fwrite(&head, 1, sizeof head, out); /* the answer is as long as the request */
        fwrite(text, 1, length, out);
        free(text);
        if (fflush(out)) {
            return fail("the answer cannot be written");
        }
    }
    return came || ferror(in) ? fail("a length is cut, or cannot be read") : 0;
}

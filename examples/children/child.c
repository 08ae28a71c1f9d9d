/* A child of a Dyad parent: reads the parent's message on its descriptor, in however many pieces, and answers there. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(void) {
    const char expected[] = "我是父級進程", answer[] = "我是子進程";
    const char *number = getenv("DYAD_FD");
    int fd = number ? atoi(number) : 3;
    char message[sizeof expected - 1];
    size_t size = 0, sent = 0;
    ssize_t n;

    while (size < sizeof message && (n = read(fd, message + size, sizeof message - size)) > 0) {
        size += (size_t)n;
    }
    if (size < sizeof message || memcmp(message, expected, size) != 0) {
        fputs("child.c: not the parent's message\n", stderr);
        return 1;
    }
    for (; sent < sizeof answer - 1; sent += (size_t)n) {
        if ((n = write(fd, answer + sent, sizeof answer - 1 - sent)) < 0) {
            return 1;
        }
    }
    return 0;
}

/* A child of a Dyad parent: says back what it hears on its descriptor, until the parent has no more to say. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(void) {
    const char *number = getenv("DYAD_FD");
    int fd = number ? atoi(number) : 3;
    static char piece[65536];
    ssize_t heard, said, n;

    while ((heard = read(fd, piece, sizeof piece)) > 0) {
        for (said = 0; said < heard; said += n) {
            if ((n = write(fd, piece + said, (size_t)(heard - said))) < 0) {
                perror("echo.c: write");
                return 1;
            }
        }
    }
    if (heard < 0) {
        perror("echo.c: read");
        return 1;
    }
    return 0;
}

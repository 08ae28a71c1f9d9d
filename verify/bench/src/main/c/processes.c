/*
 * Two processes at the two ends of a pair, as one writes it in C: what Throughput and RoundTrip do, and the child that
 * they talk to.
 *
 *   processes take               reads fd 3 to its end
 *   processes give               writes 64 KiB chunks to fd 3 until nobody takes them
 *   processes echo               gives back each 64 bytes of fd 3
 *   processes busy NICENESS CORE wants a core, or where that is -1 any, for as long as its parent is there
 *   processes throughput SECONDS gives to a child that takes; prints GB/s
 *   processes long SECONDS       the same from 64 MiB of memory, by one send each
 *   processes messages SECONDS   sends 64 bytes at a time to a child that takes; prints millions of sends a second
 *   processes roundtrip SECONDS GAP
 *                                asks a child that echoes, GAP seconds after each answer; prints the microseconds from
 *                                an ask to its answer
 *   processes gaps SECONDS LOOPS the same with several gaps, as Gap and GapRoundTrips have them; prints lines of
 *                                `gap-LOOPS-p50=microseconds`, of single asks
 *   processes roundtrip-spinning SECONDS GAP
 *                                the same where neither of the two ever sleeps: as fast as a socket can be
 *
 * All others block in send and recv, as plain C code does.
 */
#include "twin.h"
#include <errno.h>
#include <sched.h>
#include <sys/wait.h>

enum { CHUNK = 1 << 16, LONG = 1 << 26, BATCH = 64, MESSAGE = 64, ASKS = 16, CHILDS_FD = 3, LOOK = 10000000 };

static char bytes[CHUNK];
static int flags; /* of each recv of a message: MSG_DONTWAIT to spin */

static void take(int fd)
{
    ssize_t taken;

    do {
        taken = recv(fd, bytes, CHUNK, 0);
    } while (taken > 0);
    if (taken < 0) {
        fail("recv");
    }
}

static int give_all(int fd, const char *from, size_t count)
{
    size_t given = 0;

    while (given < count) {
        ssize_t accepted = send(fd, from + given, count - given, MSG_NOSIGNAL);
        if (accepted < 0) {
            return 0;
        }
        given += accepted;
    }
    return 1;
}

static void give(int fd)
{
    while (give_all(fd, bytes, CHUNK)) {
    }
}

static int receive_message(int fd)
{
    ssize_t received;

    do {
        received = recv(fd, bytes, MESSAGE, flags);
    } while (received < 0 && errno == EAGAIN);
    if (received != MESSAGE && received != 0) {
        fail("recv");
    }
    return received != 0;
}

static void send_message(int fd)
{
    if (send(fd, bytes, MESSAGE, MSG_NOSIGNAL) != MESSAGE) {
        fail("send");
    }
}

static void echo(int fd)
{
    while (receive_message(fd)) {
        send_message(fd);
    }
}

static void be_busy(int niceness, int core)
{
    pid_t parent = getppid();
    volatile long count = 0;

    if (core >= 0) {
        cpu_set_t cores;

        CPU_ZERO(&cores);
        CPU_SET(core, &cores);
        if (sched_setaffinity(0, sizeof cores, &cores) != 0) {
            fail("sched_setaffinity");
        }
    }
    errno = 0;
    if (nice(niceness) == -1 && errno != 0) {
        fail("nice");
    }
    while (++count % LOOK != 0 || getppid() == parent) {
    }
}

static double throughput(int fd, const char *from, size_t length, int batch, double seconds)
{
    double start = now();
    double passed;
    double sent = 0;

    do {
        for (int i = 0; i < batch; i++) {
            if (!give_all(fd, from, length)) {
                fail("send");
            }
            sent += length;
        }
        passed = now() - start;
    } while (passed < seconds);
    return sent / passed / 1e9;
}

/* Millions of messages a second. */
static double sends(int fd, double seconds)
{
    double start = now();
    double passed;
    long messages = 0;

    do {
        for (int i = 0; i < BATCH; i++) {
            send_message(fd);
        }
        messages += BATCH;
        passed = now() - start;
    } while (passed < seconds);
    return messages / passed / 1e6;
}

static void ask(int fd)
{
    send_message(fd);
    if (!receive_message(fd)) {
        fail("recv");
    }
}

/* The system's timer is too late for a short one. */
static void pass_gap(double gap)
{
    struct timespec pause = {.tv_nsec = gap * 1e9};
    double end = now() + gap;

    if (gap >= 1e-4) {
        nanosleep(&pause, NULL);
        return;
    }
    while (gap > 0 && now() < end) {
    }
}

static double nanos_of_asks(int fd, double gap)
{
    double asked;
    double waited = 0;

    for (int i = 0; i < ASKS; i++) {
        pass_gap(gap);
        asked = now();
        ask(fd);
        waited += now() - asked;
    }
    return waited * 1e9;
}

/* The median of the means of a few, as in RoundTrip. */
static double roundtrip(int fd, double seconds, double gap)
{
    double end = now() + seconds;
    struct batches micros = {0};

    do {
        add_batch(&micros, nanos_of_asks(fd, gap) / 1e3 / ASKS);
    } while (now() < end);
    return percentile(&micros, 50);
}

static void print_gap(int fd, const char *name, const char *loops, double gap, double seconds)
{
    static const char *const names[] = {"50", "90", "99", "99.9"};
    double end = now() + seconds;
    struct batches micros = {0};

    do {
        double asked;

        pass_gap(gap);
        asked = now();
        ask(fd);
        add_batch(&micros, (now() - asked) * 1e6);
    } while (now() < end);
    sort_batches(&micros);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        printf("%s-%s-p%s=%.3f\n", name, loops, names[i], figure_at(&micros, atof(names[i])));
    }
    free(micros.figures);
}

static void print_gaps(int fd, const char *loops, double seconds)
{
    print_gap(fd, "NONE", loops, 0, seconds);
    print_gap(fd, "SHORT", loops, 1e-5, seconds);
    print_gap(fd, "MEDIUM", loops, 1e-3, seconds);
    print_gap(fd, "LONG", loops, 0.1, 3 * seconds);
}

/* Forks a child that does its work at one end, and returns the other. */
static int with_child(void (*work)(int))
{
    int fds[2];
    pid_t child;

    open_pair(fds, SOCK_STREAM);
    child = fork();
    if (child < 0) {
        fail("fork");
    }
    if (child == 0) {
        close(fds[0]);
        work(fds[1]);
        _exit(0);
    }
    close(fds[1]);
    return fds[0];
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    double seconds = argc > 2 ? atof(argv[2]) : 0;

    if (argc == 2 && strcmp(what, "take") == 0) {
        take(CHILDS_FD);
    } else if (argc == 2 && strcmp(what, "give") == 0) {
        give(CHILDS_FD);
    } else if (argc == 2 && strcmp(what, "echo") == 0) {
        echo(CHILDS_FD);
    } else if (argc == 4 && strcmp(what, "busy") == 0) {
        be_busy(atoi(argv[2]), atoi(argv[3]));
    } else if (argc == 3 && strcmp(what, "throughput") == 0) {
        int fd = with_child(take);
        throughput(fd, bytes, CHUNK, BATCH, seconds / 10);
        printf("%.4f\n", throughput(fd, bytes, CHUNK, BATCH, seconds));
        close(fd);
        wait(NULL);
    } else if (argc == 3 && strcmp(what, "long") == 0) {
        int fd = with_child(take);
        char *message = malloc(LONG);
        if (message == NULL) {
            fail("malloc");
        }
        memset(message, 1, LONG);
        throughput(fd, message, LONG, 1, seconds / 10);
        printf("%.4f\n", throughput(fd, message, LONG, 1, seconds));
        close(fd);
        wait(NULL);
    } else if (argc == 3 && strcmp(what, "messages") == 0) {
        int fd = with_child(take);
        sends(fd, seconds / 10);
        printf("%.4f\n", sends(fd, seconds));
        close(fd);
        wait(NULL);
    } else if (argc == 4 && strcmp(what, "gaps") == 0) {
        int fd = with_child(echo);
        print_gaps(fd, argv[3], seconds);
        close(fd);
        wait(NULL);
    } else if (argc == 4 && (strcmp(what, "roundtrip") == 0 || strcmp(what, "roundtrip-spinning") == 0)) {
        double gap = atof(argv[3]);
        int fd;

        flags = strcmp(what, "roundtrip") == 0 ? 0 : MSG_DONTWAIT;
        fd = with_child(echo);
        roundtrip(fd, seconds / 10, gap);
        printf("%.4f\n", roundtrip(fd, seconds, gap));
        close(fd);
        wait(NULL);
    } else {
        fprintf(stderr, "usage: see the top of processes.c\n");
        return 2;
    }
    return 0;
}

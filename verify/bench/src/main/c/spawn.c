/*
 * Children, as one starts them in C: what Spawning does, and the children that it and others start.
 *
 *   spawn hello           writes a byte to fd 3, and waits for its end
 *   spawn rest            does nothing until it is ended
 *   spawn true SECONDS    starts /bin/true and waits for its exit; prints microseconds
 *   spawn answer SECONDS  starts a child that says hello; prints the microseconds until that has come
 */
#include "twin.h"
#include <spawn.h>
#include <sys/wait.h>

enum { CHILDS_FD = 3 };

extern char **environ;

static char *self;

static void hello(void)
{
    char byte = 0;

    if (send(CHILDS_FD, &byte, 1, 0) != 1) {
        fail("send");
    }
    recv(CHILDS_FD, &byte, 1, 0);
}

static pid_t start(char *program, char *argument, posix_spawn_file_actions_t *actions)
{
    char *words[] = {program, argument, NULL};
    pid_t child;

    if (posix_spawn(&child, program, actions, NULL, words, environ) != 0) {
        fail("posix_spawn");
    }
    return child;
}

static void await_exit(pid_t child)
{
    if (waitpid(child, NULL, 0) != child) {
        fail("waitpid");
    }
}

static double micros_of_true(void)
{
    double before = now();

    await_exit(start("/bin/true", NULL, NULL));
    return (now() - before) * 1e6;
}

static double micros_of_answer(void)
{
    double before = now();
    posix_spawn_file_actions_t actions;
    double micros;
    char byte;
    int fds[2];
    pid_t child;

    open_pair(fds, SOCK_STREAM);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fds[1], CHILDS_FD);
    child = start(self, "hello", &actions);
    posix_spawn_file_actions_destroy(&actions);
    close(fds[1]);
    if (recv(fds[0], &byte, 1, 0) != 1) {
        fail("recv");
    }
    micros = (now() - before) * 1e6;
    close(fds[0]);
    await_exit(child);
    return micros;
}

static double median(double (*micros_of_one)(void), double seconds)
{
    double end = now() + seconds;
    struct batches micros = {0};

    do {
        add_batch(&micros, micros_of_one());
    } while (now() < end);
    return percentile(&micros, 50);
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";

    self = argv[0];
    if (argc == 2 && strcmp(what, "hello") == 0) {
        hello();
    } else if (argc == 2 && strcmp(what, "rest") == 0) {
        pause();
    } else if (argc == 3 && strcmp(what, "true") == 0) {
        printf("%.3f\n", median(micros_of_true, atof(argv[2])));
    } else if (argc == 3 && strcmp(what, "answer") == 0) {
        printf("%.3f\n", median(micros_of_answer, atof(argv[2])));
    } else {
        fprintf(stderr, "usage: see the top of spawn.c\n");
        return 2;
    }
    return 0;
}

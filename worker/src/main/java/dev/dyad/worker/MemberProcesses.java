package dev.dyad.worker;

/// Ends the processes of workers, without waiting for that.
interface MemberProcesses {

    /// Ends one as its command says, of which [Pool#gone] follows.
    void stop(Member member);

    /// Kills one that is being stopped.
    void kill(Member member);
}

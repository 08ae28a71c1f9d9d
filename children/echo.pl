# A child of a Dyad parent: says back what it hears on its descriptor, until the parent has no more to say.
use strict;
use warnings;

my $fd = $ENV{DYAD_FD} // 3;
open(my $parent, '+<&=', $fd) or die "descriptor $fd: $!";
binmode $parent;

while (my $heard = sysread($parent, my $piece, 65536) // die "read: $!") {
    for (my $said = 0; $said < $heard; ) {
        $said += syswrite($parent, $piece, $heard - $said, $said) // die "write: $!";
    }
}

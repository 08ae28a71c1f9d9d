/// Floor 4: pools of children that answer requests.
package dev.dyad.worker;

/** Networks on one machine: their files, and their nodes as processes. */
@NullMarked
package io.engram.client.network;

import org.jspecify.annotations.NullMarked;

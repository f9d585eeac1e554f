/** Tests of the conformance runners, and Ethereum's public tests. */
@NullMarked
package io.engram.client.conformance;

import org.jspecify.annotations.NullMarked;

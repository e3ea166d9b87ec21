/* What a probe found: one word, and why. */
#ifndef VGPU_VERDICT_H
#define VGPU_VERDICT_H

#define REFUSED "refused"
#define ALLOWED "allowed"

/* Remembers why, and returns `word`. */
const char *verdict(const char *word, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Why the last verdict is what it is. */
const char *verdict_evidence(void);

#endif

/* edgebind/parts.h -- the parts of the runtime that can be left out, as with SQLite's OMIT options.
 *
 * All are there unless they are defined as 0: cc -DEB_PART_ACS3=0. `edgebind vendor` leaves out what the chosen
 * operations have no use for. Left out is where a part is asked for; what only it calls is reached by nobody then:
 * the vendored copy does not have its text, and a linker does not take it from the static library. No struct depends
 * on a part. What an API does not have is refused in the same words with and without the part for it. */
#ifndef EDGEBIND_PARTS_H
#define EDGEBIND_PARTS_H

/* eb_invoke and its kind: operations by name. */
#ifndef EB_PART_INVOKE
#define EB_PART_INVOKE 1
#endif

/* Alibaba's signature, and why one was refused. */
#ifndef EB_PART_ACS3
#define EB_PART_ACS3 1
#endif

/* Access tokens of OAuth 2.0, got by the client itself. */
#ifndef EB_PART_OAUTH2
#define EB_PART_OAUTH2 1
#endif

/* User name and password. */
#ifndef EB_PART_BASIC
#define EB_PART_BASIC 1
#endif

/* API keys in the query or a cookie, which is to say anywhere but in a header. */
#ifndef EB_PART_KEYS
#define EB_PART_KEYS 1
#endif

/* Servers of single operations. */
#ifndef EB_PART_SERVERS
#define EB_PART_SERVERS 1
#endif

/* Values that are one of several types. */
#ifndef EB_PART_UNIONS
#define EB_PART_UNIONS 1
#endif

/* Numbers with a fraction. */
#ifndef EB_PART_NUMBERS
#define EB_PART_NUMBERS 1
#endif

/* Lists, maps and objects as parameters, or in a form, in OpenAPI's styles. */
#ifndef EB_PART_STYLES
#define EB_PART_STYLES 1
#endif

/* Bodies that are forms: application/x-www-form-urlencoded. */
#ifndef EB_PART_FORMS
#define EB_PART_FORMS 1
#endif

/* Bodies that are read piece by piece: bytes, and files in forms. */
#ifndef EB_PART_UPLOADS
#define EB_PART_UPLOADS 1
#endif

/* Bodies that are forms with files: multipart/form-data. They are uploads. */
#ifndef EB_PART_MULTIPART
#define EB_PART_MULTIPART EB_PART_UPLOADS
#endif

/* A call and the upload that its answer leads to. That is such a form. */
#ifndef EB_PART_LINKS
#define EB_PART_LINKS EB_PART_MULTIPART
#endif

/* Walks over all pages of a list. */
#ifndef EB_PART_PAGES
#define EB_PART_PAGES 1
#endif

/* Calls that are made again until what they wait for has come. */
#ifndef EB_PART_WAITS
#define EB_PART_WAITS 1
#endif

/* Answers besides the result that have a type, by their status. */
#ifndef EB_PART_ANSWERS
#define EB_PART_ANSWERS 1
#endif

/* Response headers that have a type. */
#ifndef EB_PART_HEADERS
#define EB_PART_HEADERS 1
#endif

/* Answers that arrive as a stream of events. */
#ifndef EB_PART_EVENTS
#define EB_PART_EVENTS 1
#endif

/* Errors in XML. */
#ifndef EB_PART_XML
#define EB_PART_XML 1
#endif

#endif

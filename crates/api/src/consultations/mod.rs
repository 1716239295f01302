//! Consultations: what is asked, what people answer, what they hear back.

mod anonymous;
mod answer;
mod asked_mail;
mod ballot_code;
mod burden;
mod characteristics;
mod chart;
mod close;
mod closing_round;
mod codebook;
mod coded;
mod coding;
mod consultation;
mod contact_list;
mod contact_wire;
mod content;
mod deadline;
mod earlier;
mod input_session;
mod input_session_wire;
mod kiosk;
mod library_question;
mod library_question_wire;
mod link;
mod medium;
mod moves;
mod open;
mod open_answer;
mod opinion_groups;
mod picture;
mod placement;
mod privacy;
mod promises;
mod question;
mod records;
mod register;
mod reminder;
mod report_back;
mod report_back_wire;
mod response;
mod response_rate;
mod result_counts;
mod result_file;
mod result_groups;
mod results;
mod sample;
mod sample_wire;
mod sealing;
mod session_note;
pub mod settings;
mod snapshots;
mod telling;
mod telling_list;
mod telling_wire;
mod warnings;
mod weighed_question;

pub(crate) use asked_mail::{AskedMail, queue as queue_asked};
pub(crate) use burden::terms as burden_terms;
pub(crate) use consultation::place;

use crate::web::routes::Routes;

/// Adds the context's routes.
pub(crate) fn routes(to: &mut impl Routes) {
    asking(to);
    coding::routes(to);
    to.service(consultation::list_consultations)
        .service(consultation::create_consultation)
        .service(consultation::get_consultation)
        .service(consultation::update_consultation)
        .service(consultation::delete_consultation)
        .service(moves::create_consultation_transition)
        .service(moves::list_consultation_transitions)
        .service(burden::get_consultation_reach)
        .service(burden::create_burden_override)
        .service(burden::list_burden_overrides)
        .service(sample::create_consultation_sample)
        .service(sample::list_consultation_samples)
        .service(sample::create_sample_top_up)
        .service(deadline::list_consultation_invitations)
        .service(deadline::create_deadline_extension)
        .service(deadline::list_deadline_extensions)
        .service(reminder::create_consultation_reminder)
        .service(contact_list::list_consultation_contact_list)
        .service(contact_list::create_consultation_contact_attempt)
        .service(response_rate::get_consultation_response_rate)
        .service(link::create_consultation_link)
        .service(link::list_consultation_links)
        .service(link::delete_consultation_link)
        .service(open::get_open_consultation)
        .service(open::create_open_response)
        .service(open::create_open_response_withdrawal)
        .service(response::create_response)
        .service(response::list_responses)
        .service(response::get_response)
        .service(anonymous::create_anonymous_response)
        .service(anonymous::create_anonymous_response_withdrawal)
        .service(coded::get_coded_consultation)
        .service(coded::create_coded_response)
        .service(coded::create_coded_response_withdrawal)
        .service(ballot_code::create_ballot_code_batch)
        .service(ballot_code::list_ballot_code_batches)
        .service(open_answer::list_open_answers)
        .service(kiosk::create_kiosk)
        .service(kiosk::list_kiosks)
        .service(kiosk::delete_kiosk)
        .service(results::get_consultation_results)
        .service(chart::get_result_chart)
        .service(result_file::get_result_file)
        .service(records::get_result_records)
        .service(opinion_groups::get_opinion_groups)
        .service(snapshots::list_result_snapshots)
        .service(characteristics::get_answer_characteristics)
        .service(earlier::get_earlier_results)
        .service(report_back::list_report_backs)
        .service(report_back::create_report_back)
        .service(report_back::get_report_back)
        .service(report_back::update_report_back)
        .service(report_back::create_report_back_transition)
        .service(report_back::create_report_back_correction)
        .service(report_back::list_report_back_versions)
        .service(closing_round::create_closing_round)
        .service(closing_round::get_closing_round)
        .service(telling_list::list_telling_list)
        .service(telling_list::create_telling_attempt)
        .service(telling_list::list_telling_attempts)
        .service(promises::list_promise_records)
        .service(register::list_register_entries);
}

/// What consultations are asked with: the library, input sessions, pictures and sound.
fn asking(to: &mut impl Routes) {
    to.service(library_question::list_library_questions)
        .service(library_question::create_library_question)
        .service(library_question::get_library_question)
        .service(library_question::update_library_question)
        .service(library_question::delete_library_question)
        .service(library_question::create_library_question_transition)
        .service(library_question::list_library_question_transitions)
        .service(input_session::create_input_session)
        .service(input_session::list_input_sessions)
        .service(input_session::get_input_session)
        .service(input_session::update_input_session)
        .service(input_session::delete_input_session)
        .service(session_note::create_session_note)
        .service(session_note::list_session_notes)
        .service(session_note::get_session_note)
        .service(session_note::update_session_note)
        .service(session_note::delete_session_note)
        .service(medium::create_medium)
        .service(medium::get_medium)
        .service(medium::delete_medium)
        .service(medium::get_coded_medium)
        .service(medium::get_open_medium);
}
